import { newFactorRecovery } from '../../factors/index.ts'
import { newBearerSecret } from '../../shared/ids.ts'
import type { Destination } from '../../users/index.ts'
import { advance } from '../advance.ts'
import { mayWait, provenAddresses, recoveryEvent, stopHash } from '../lost-factor.ts'
import { noticeTo } from '../notice.ts'
import type { JourneyPorts } from '../ports.ts'
import { countSend } from '../send-budgets.ts'
import { moved, refused, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { challengedPerson } from './second-factor.ts'

/** "I can't use any of these." */
export const chooseLostFactor: StepHandler = () => async () => moved('lost-factor')

/** The page is there to read and to choose from; its own form does nothing. */
export const stayAtLostFactor: StepHandler = () => async () => moved('lost-factor')

/** Messages that anybody with the password can cause are counted like any other (attack 57). */
const overBudget = async (
  ports: JourneyPorts,
  input: StepInput,
  addresses: readonly Destination[],
): Promise<boolean> => {
  const refusals = await Promise.all(addresses.map((to) => countSend(ports, input, to)))
  return refusals.some((refusal) => refusal !== null && refusal !== 'destination')
}

/**
 * Asks to replace a lost factor: every proven address is told, with a link that stops it. Asked for again, nothing changes
 * and nobody is told again.
 */
export const requestRecovery: StepHandler = (ports) => async (input) => {
  const { pool, flow, now } = input
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const found = await ports.users.findBySub(pool.id, user.sub)
  const passwordChangedAt = found?.password?.changedAt
  if (passwordChangedAt === undefined || !mayWait(pool, flow, user)) return moved('lost-factor')
  if ((await ports.factorRecoveries.find(pool.id, user.sub, passwordChangedAt, now)) !== null)
    return moved('lost-factor')
  const addresses = provenAddresses(user)
  if (await overBudget(ports, input, addresses)) return refused({ code: 'too-many-requests', params: { minutes: 60 } })
  const token = newBearerSecret(ports.random)
  const wish = newFactorRecovery(
    { poolId: pool.id, sub: user.sub, tokenHash: stopHash(ports, pool.id, token), passwordChangedAt },
    pool.settings.factors.lost.waitingDays,
    now,
  )
  const link = `${ports.links.base(pool.id)}/factorRecovery?token=${token}`
  const told = await Promise.all(
    addresses.map((to) => noticeTo(ports, input, user, 'factor-recovery', { until: wish.readyAt, link }, to)),
  )
  // Whoever cannot be told cannot object.
  if (told.flat().length === 0) return refused({ code: 'factor-unusable' })
  await ports.factorRecoveries.request(wish, {
    events: [
      recoveryEvent(ports, input, user.sub, 'factor_recovery.requested', {
        days: pool.settings.factors.lost.waitingDays,
        told: told.flat().length,
      }),
    ],
    messages: told.flat(),
  })
  return moved('lost-factor')
}

/**
 * The waiting is over, nobody objected, and the password is the same: what was lost is taken away, once, and the journey asks
 * for what is owed now, which is to set up another factor where one is demanded.
 */
export const replaceLostFactor: StepHandler = (ports) => async (input) => {
  const { pool, flow, now } = input
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const found = await ports.users.findBySub(pool.id, user.sub)
  const passwordChangedAt = found?.password?.changedAt
  if (passwordChangedAt === undefined || !mayWait(pool, flow, user)) return moved('lost-factor')
  const events = [recoveryEvent(ports, input, user.sub, 'factor_recovery.completed')]
  const messages = await noticeTo(ports, input, user, 'factors-reset')
  const isDone = await ports.factorRecoveries.complete(pool.id, user.sub, passwordChangedAt, now, { events, messages })
  if (!isDone) return moved('lost-factor')
  return advance(ports, input, { user, proofs: flow.state.proofs.filter(({ method }) => method === 'password') })
}
