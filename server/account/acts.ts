import {
  type AccountForm,
  type AccountPage,
  type AccountPorts,
  askOwnDeletion,
  askOwnExport,
  changeOwnPassword,
  changeOwnProfile,
  chooseOwnLanguage,
  confirmContactChange,
  type Doer,
  disownSignIn,
  dropContactChange,
  endOtherSessions,
  endOwnSession,
  forgetOwnDevice,
  mayConnect,
  preferOwnFactor,
  removeOwnFactor,
  renameOwnPasskey,
  renewOwnRecoveryCodes,
  revokeOwnApp,
  startContactChange,
  unlinkOwnIdentity,
} from '#core/account/index.ts'
import { withBirthdate } from '#core/shared/birthdate.ts'
import type { Locale } from '#core/shared/locales.ts'
import type { Failure, Result } from '#core/shared/result.ts'

/** What came of a form. */
export type Outcome =
  | {
      ok: true
      notice: string
      to?: AccountPage
      codes?: readonly string[]
      /** Of this person's pages from now on. */
      locale?: Locale
      /** The account is closed, and no page of it is open: what brings it back. */
      undo?: string
      /** Goes on at this identity provider, and comes back connected. */
      connect?: { provider: string; label: string }
    }
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

const field = (form: AccountForm, name: string): string => form[name] ?? ''

/** What was typed comes back with a refusal; secrets are in none of these forms. */
const withValues = async (outcome: Promise<Outcome>, { _token, _intent, ...values }: AccountForm): Promise<Outcome> => {
  const answer = await outcome
  return answer.ok ? answer : { ...answer, values }
}

const joined = (form: AccountForm): AccountForm => withBirthdate(form) as AccountForm

const contactActs = (attribute: 'email' | 'phone_number'): Readonly<Record<string, Act>> => ({
  start: (ports, doer, form) =>
    withValues(said(startContactChange(ports)(doer, attribute, field(form, attribute)), 'codeSent'), form),
  confirm: (ports, doer, form) =>
    said(confirmContactChange(ports)(doer, attribute, field(form, 'code')), 'contactChanged', () => ({
      to: 'profile',
    })),
  drop: (ports, doer) => said(dropContactChange(ports)(doer, attribute), 'contactKept', () => ({ to: 'profile' })),
})

/** The forms of each page by the button pressed: read, call, say what came of it. */
export const ACTS: Readonly<Partial<Record<AccountPage, Readonly<Record<string, Act>>>>> = {
  password: {
    change: (ports, doer, form) =>
      said(
        changeOwnPassword(ports)(doer, { current: field(form, 'current'), password: field(form, 'password') }),
        'passwordChanged',
        () => ({ to: 'methods' }),
      ),
  },
  methods: {
    remove: (ports, doer, form) => said(removeOwnFactor(ports)(doer, field(form, 'id')), 'factorRemoved'),
    rename: (ports, doer, form) =>
      said(renameOwnPasskey(ports)(doer, field(form, 'id'), field(form, 'name')), 'passkeyRenamed'),
    prefer: (ports, doer, form) => said(preferOwnFactor(ports)(doer, field(form, 'kind')), 'factorPreferred'),
    codes: (ports, doer) => said(renewOwnRecoveryCodes(ports)(doer), 'codesMade', (codes) => ({ codes })),
  },
  profile: {
    save: (ports, doer, form) =>
      withValues(said(changeOwnProfile(ports)(doer, joined(form)), 'profileSaved'), joined(form)),
  },
  email: contactActs('email'),
  phone: contactActs('phone_number'),
  activity: {
    disown: (ports, doer, form) =>
      said(disownSignIn(ports)(doer, field(form, 'id')), 'signInDisowned', () => ({ to: 'disowned' })),
  },
  apps: {
    revoke: (ports, doer, form) => said(revokeOwnApp(ports)(doer, field(form, 'id')), 'appRevoked'),
  },
  data: {
    export: (ports, doer) => said(askOwnExport(ports)(doer), 'exportAsked'),
  },
  preferences: {
    save: (ports, doer, form) =>
      said(chooseOwnLanguage(ports)(doer, field(form, 'locale')), 'preferencesSaved', (locale) => ({ locale })),
  },
  connections: {
    unlink: (ports, doer, form) => said(unlinkOwnIdentity(ports)(doer, field(form, 'key')), 'identityUnlinked'),
    connect: (ports, doer, form) =>
      said(mayConnect(ports)(doer, field(form, 'provider')), '', (connect) => ({ connect })),
  },
  delete: {
    delete: (ports, doer) => said(askOwnDeletion(ports)(doer), 'deletionAsked', ({ token }) => ({ undo: token })),
  },
  sessions: {
    end: (ports, doer, form) => said(endOwnSession(ports)(doer, field(form, 'id')), 'sessionEnded'),
    'end-others': (ports, doer) => said(endOtherSessions(ports)(doer), 'othersEnded'),
    forget: (ports, doer, form) => said(forgetOwnDevice(ports)(doer, field(form, 'id')), 'deviceForgotten'),
  },
}
