import type { EventType } from '../events/event.ts'
import { type AuthEvent, newEvent } from '../events/index.ts'
import { ACR_MULTI_FACTOR, acrOf, type MethodProof, reaches } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type Destination, destinationOf } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { Flow } from './flow.ts'
import type { LostFactorView } from './flow-view.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** Every proven address: whoever owns the account must hear of a wish to replace its factor. */
export const provenAddresses = ({ attributes }: User): readonly Destination[] =>
  (['email', 'sms'] as const).flatMap((channel) => destinationOf(attributes, 'only-proven', channel) ?? [])

/**
 * Whether waiting is a way back here: the pool has it, the password was shown in this journey, somebody can object, and it is
 * not risk that asks for more. The password that a session began with does not count: whoever holds the session alone
 * takes no factor away (attack 51).
 */
export const mayWait = (pool: Pool, { state, createdAt }: Flow, user: User): boolean =>
  pool.settings.factors.lost.waitingDays > 0 &&
  state.challenge !== null &&
  state.challenge.reason !== 'risk' &&
  state.proofs.some(({ method, at }) => method === 'password' && at >= createdAt) &&
  provenAddresses(user).length > 0

/** Hash under which the token of a link that stops a recovery is stored. */
export const stopHash = ({ hashes }: Pick<JourneyPorts, 'hashes'>, poolId: string, token: string): string =>
  hashes.of('factor-recovery', `${poolId}|${token}`)

/** The event of a step in the life of a recovery. */
export const recoveryEvent = (
  ports: Pick<JourneyPorts, 'random'>,
  { pool, client, flow, context, now }: StepInput,
  sub: string,
  type: EventType,
  detail: AuthEvent['detail'] = {},
): AuthEvent =>
  newEvent(ports.random, now, {
    poolId: pool.id,
    type,
    outcome: 'success',
    sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail,
  })

/** Who shows two factors has lost none: whatever waits is stopped, for somebody else may have asked for it. */
export const stopBySignIn = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  proofs: readonly MethodProof[],
): Promise<void> => {
  const { pool, now } = input
  if (pool.settings.factors.lost.waitingDays === 0 || !reaches(acrOf(proofs), ACR_MULTI_FACTOR)) return
  const event = recoveryEvent(ports, input, user.sub, 'factor_recovery.cancelled', { by: 'sign-in' })
  await ports.factorRecoveries.cancel(pool.id, user.sub, now, { events: [event] })
}

export interface RecoveryToStop {
  sub: string
  user: User | null
}

/** The recovery a message's link stops. Fails with `code-mismatch` where it stops nothing, or nothing any more. */
export const recoveryBehind =
  (ports: Pick<JourneyPorts, 'factorRecoveries' | 'hashes' | 'clock' | 'users'>) =>
  async (pool: Pool, token: string): Promise<Result<RecoveryToStop>> => {
    const hash = stopHash(ports, pool.id, token)
    const found = await ports.factorRecoveries.findByToken(pool.id, hash, ports.clock.now())
    if (found === null) return fail('code-mismatch')
    const person = await ports.users.findBySub(pool.id, found.sub)
    return ok({ sub: found.sub, user: person?.user ?? null })
  }

/** The button of the link's page: the recovery is over. Fails with `code-mismatch`, also when it was stopped before. */
export const stopByLink =
  (ports: Pick<JourneyPorts, 'factorRecoveries' | 'hashes' | 'clock' | 'users' | 'random'>) =>
  async (pool: Pool, token: string, context: RequestContext): Promise<Result<RecoveryToStop>> => {
    const target = await recoveryBehind(ports)(pool, token)
    if (!target.ok) return target
    const { sub } = target.value
    const now = ports.clock.now()
    const event = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'factor_recovery.cancelled',
      outcome: 'success',
      sub,
      context,
      detail: { by: 'link' },
    })
    const isStopped = await ports.factorRecoveries.cancel(pool.id, sub, now, { events: [event] })
    return isStopped ? target : fail('code-mismatch')
  }

/** What the page for who lost a factor shows. */
export const lostFactorView = async (
  ports: Pick<JourneyPorts, 'factorRecoveries' | 'users' | 'clock'>,
  { flow, pool, person }: { flow: Flow; pool: Pool; person: User },
): Promise<LostFactorView> => {
  const { lost } = pool.settings.factors
  const isOpen = mayWait(pool, flow, person)
  const now = ports.clock.now()
  const found = isOpen ? await ports.users.findBySub(pool.id, person.sub) : null
  const changedAt = found?.password?.changedAt
  const wish = changedAt === undefined ? null : await ports.factorRecoveries.find(pool.id, person.sub, changedAt, now)
  return {
    owner: lost.byAdministrator ? (pool.settings.owner ?? '') : null,
    waitingDays: changedAt === undefined ? 0 : lost.waitingDays,
    readyAt: wish === null ? null : wish.readyAt.toISOString(),
    isReady: wish !== null && wish.readyAt <= now,
  }
}
