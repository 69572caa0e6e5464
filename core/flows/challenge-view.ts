import type { AppClient } from '../clients/client-settings.ts'
import type { Factor } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { maskAddress, shownName } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { Flow } from './flow.ts'
import type { ChallengeView, EnrolmentView } from './flow-view.ts'
import { owedBy } from './owed.ts'
import type { JourneyPorts } from './ports.ts'

export interface PendingViews {
  challenge: ChallengeView | null
  enrolment: EnrolmentView | null
}

const NOTHING: PendingViews = { challenge: null, enrolment: null }

const shown = ({ id, kind, name, address }: Factor): ChallengeView['factors'][number] => ({
  id,
  kind,
  name,
  destination: address === null ? null : maskAddress(address),
})

const enrolmentView = (
  { apps }: Pick<JourneyPorts, 'apps'>,
  { flow, pool, person, appName }: { flow: Flow; pool: Pool; person: User; appName: string },
): EnrolmentView | null => {
  const { enrolment } = flow.state
  if (enrolment?.kind !== 'totp') return enrolment
  const { uri, qr } = apps.present(enrolment.secret, appName, shownName(pool, person))
  return { kind: 'totp', key: enrolment.secret.match(/.{1,4}/g)?.join(' ') ?? '', uri, qr }
}

/** What the pages of a second factor show beside the rest: factors as they are now, a new app's key and picture. */
export const pendingViews = async (
  ports: Pick<JourneyPorts, 'factors' | 'recoveryCodes' | 'apps'>,
  input: { flow: Flow; pool: Pool; client: AppClient; person: User | null; appName: string },
): Promise<PendingViews> => {
  const { flow, pool, client, person } = input
  const { challenge, proofs, request } = flow.state
  if (challenge === null || person === null) return NOTHING
  const [owed, codes] = await Promise.all([
    owedBy(ports, { pool, client, request, user: person, proofs }),
    ports.recoveryCodes.count(pool.id, person.sub),
  ])
  return {
    challenge: {
      reason: challenge.reason,
      factors: owed.kind === 'prove' ? owed.factors.map(shown) : [],
      current: challenge.factorId,
      hasRecoveryCodes: (codes?.left ?? 0) > 0,
      mayEnrol: owed.kind === 'enrol' ? owed.kinds : [],
    },
    enrolment: enrolmentView(ports, { ...input, person }),
  }
}
