import type { AppClient } from '../clients/client-settings.ts'
import { carrierOf, type Factor } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { maskAddress, shownName } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { Flow } from './flow.ts'
import type { ChallengeView, EnrolmentView } from './flow-view.ts'
import { lostFactorView } from './lost-factor.ts'
import { owedBy } from './owed.ts'
import type { JourneyPorts } from './ports.ts'

export interface PendingViews {
  challenge: ChallengeView | null
  enrolment: EnrolmentView | null
}

const NOTHING: PendingViews = { challenge: null, enrolment: null }

const shown = ({ id, kind, name, address, passkey }: Factor): ChallengeView['factors'][number] => ({
  id,
  kind,
  name,
  destination: address === null ? null : maskAddress(address),
  ...(passkey === null ? {} : { carrier: carrierOf(passkey) }),
})

/** The rows to choose from: all passkeys are one, for the browser asks which. */
const rows = (factors: readonly Factor[]): ChallengeView['factors'] => {
  const passkeys = factors.filter(({ kind }) => kind === 'passkey')
  const [first] = passkeys
  const listed = factors.filter((factor) => factor.kind !== 'passkey' || factor === first)
  return listed.map((factor) =>
    factor.kind === 'passkey' && passkeys.length > 1 ? { ...shown(factor), name: null, carrier: null } : shown(factor),
  )
}

const enrolmentView = (
  { apps }: Pick<JourneyPorts, 'apps'>,
  { flow, pool, person, appName }: { flow: Flow; pool: Pool; person: User; appName: string },
): EnrolmentView | null => {
  const { enrolment } = flow.state
  // What was made is told beside what may be made: passkey-view.ts.
  if (enrolment?.kind === 'passkey-made') return null
  if (enrolment?.kind === 'contact') {
    const isWeaker =
      enrolment.channel === 'sms' && pool.settings.factors.allowed.some((kind) => kind !== 'sms' && kind !== 'email')
    return { ...enrolment, isWeaker }
  }
  if (enrolment?.kind !== 'totp') return enrolment
  const account = shownName(pool, person)
  const { uri, qr } = apps.present(enrolment.secret, appName, account)
  return { kind: 'totp', account, key: enrolment.secret.match(/.{1,4}/g)?.join(' ') ?? '', uri, qr }
}

/** What the pages of a second factor show beside the rest: factors as they are now, a new app's key and picture. */
export const pendingViews = async (
  ports: Pick<JourneyPorts, 'factors' | 'recoveryCodes' | 'apps' | 'factorRecoveries' | 'users' | 'clock'>,
  input: { flow: Flow; pool: Pool; client: AppClient; person: User | null; appName: string },
): Promise<PendingViews> => {
  const { flow, pool, client, person } = input
  const { challenge, proofs, request } = flow.state
  if (person === null) return NOTHING
  if (challenge === null) return { challenge, enrolment: enrolmentView(ports, { ...input, person }) }
  const [owed, codes] = await Promise.all([
    owedBy(ports, { pool, client, request, user: person, proofs, judged: flow.state.judged }),
    ports.recoveryCodes.count(pool.id, person.sub),
  ])
  return {
    challenge: {
      reason: challenge.reason,
      factors: owed.kind === 'prove' ? rows(owed.factors) : [],
      current: challenge.factorId,
      rememberDays: pool.settings.devices.remember === 'asked' ? pool.settings.devices.days : null,
      hasRecoveryCodes: (codes?.left ?? 0) > 0,
      mayEnrol: owed.kind === 'enrol' ? owed.kinds : [],
      ...(flow.step === 'lost-factor' && { lost: await lostFactorView(ports, { flow, pool, person }) }),
    },
    enrolment: enrolmentView(ports, { ...input, person }),
  }
}
