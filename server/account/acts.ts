import {
  type AccountForm,
  type AccountPage,
  type AccountPorts,
  changeOwnPassword,
  type Doer,
  type EndedAtApp,
  endOtherSessions,
  endOwnSession,
  forgetOwnDevice,
  preferOwnFactor,
  removeOwnFactor,
  renameOwnPasskey,
  renewOwnRecoveryCodes,
} from '#core/account/index.ts'
import type { Failure, Result } from '#core/shared/result.ts'

/** What came of a form. */
export type Outcome =
  | { ok: true; notice: string; to?: AccountPage; codes?: readonly string[]; ended?: readonly EndedAtApp[] }
  | { ok: false; failure: Failure; values?: Readonly<Record<string, string>> }

type Act = (ports: AccountPorts, doer: Doer, form: AccountForm) => Promise<Outcome>

const said = async <T>(
  answer: Promise<Result<T>>,
  notice: string,
  more: (value: T) => Partial<Extract<Outcome, { ok: true }>> = () => ({}),
): Promise<Outcome> => {
  const result = await answer
  return result.ok ? { ok: true, notice, ...more(result.value) } : result
}

const ended = (apps: readonly EndedAtApp[]) => ({ ended: apps })
const field = (form: AccountForm, name: string): string => form[name] ?? ''

/** The forms of each page by the button pressed: read, call, say what came of it. */
export const ACTS: Readonly<Partial<Record<AccountPage, Readonly<Record<string, Act>>>>> = {
  password: {
    change: (ports, doer, form) =>
      said(
        changeOwnPassword(ports)(doer, { current: field(form, 'current'), password: field(form, 'password') }),
        'passwordChanged',
        (apps) => ({ to: 'methods', ended: apps }),
      ),
  },
  methods: {
    remove: (ports, doer, form) => said(removeOwnFactor(ports)(doer, field(form, 'id')), 'factorRemoved'),
    rename: (ports, doer, form) =>
      said(renameOwnPasskey(ports)(doer, field(form, 'id'), field(form, 'name')), 'passkeyRenamed'),
    prefer: (ports, doer, form) => said(preferOwnFactor(ports)(doer, field(form, 'kind')), 'factorPreferred'),
    codes: (ports, doer) => said(renewOwnRecoveryCodes(ports)(doer), 'codesMade', (codes) => ({ codes })),
  },
  sessions: {
    end: (ports, doer, form) => said(endOwnSession(ports)(doer, field(form, 'id')), 'sessionEnded', ended),
    'end-others': (ports, doer) => said(endOtherSessions(ports)(doer), 'othersEnded', ended),
    forget: (ports, doer, form) => said(forgetOwnDevice(ports)(doer, field(form, 'id')), 'deviceForgotten'),
  },
}
