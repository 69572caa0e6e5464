import { acceptedFactors, isFresh } from '../factors/index.ts'
import { BUDGETS } from '../limits/index.ts'
import type { User } from '../users/ports.ts'
import { offersPasskeys, poolRelyingParty } from './passkey-ceremony.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** Whether whoever is at the offer may take it still: the owner may have set a factor up since it was made. */
export const mayTakeOffer = async (
  ports: Pick<JourneyPorts, 'factors'>,
  { flow, pool, now }: Pick<StepInput, 'flow' | 'pool' | 'now'>,
  { sub }: User,
): Promise<boolean> =>
  isFresh(flow.state.proofs, acceptedFactors(pool.settings, await ports.factors.list(pool.id, sub)), now)

/**
 * Whether somebody who is signed in now is asked to make a passkey: where one could begin the next sign-in, by a browser
 * that can make one, to a person without; once a month and three times in all. Counted when it is asked, in one statement.
 * Not where a remembered browser stood in for the second factor: a passkey is both at once, and stays (attack 51).
 */
export const isOfferedPasskey = async (
  ports: Pick<JourneyPorts, 'factors' | 'attempts' | 'links' | 'clock'>,
  { flow, pool }: Pick<StepInput, 'flow' | 'pool' | 'client'>,
  user: User,
): Promise<boolean> => {
  const { canMakePasskeys, proof, proofs, request } = flow.state
  // Who came to change a password came for that.
  if (request.screen !== 'sign-in' && request.screen !== 'sign-up') return false
  if (!canMakePasskeys || !offersPasskeys(pool.settings) || proof?.isFromSession === true) return false
  if (poolRelyingParty(ports, pool) === null) return false
  const factors = await ports.factors.list(pool.id, user.sub)
  if (factors.some(({ kind }) => kind === 'passkey')) return false
  const now = ports.clock.now()
  if (!isFresh(proofs, acceptedFactors(pool.settings, factors), now)) return false
  for (const budget of ['offer.passkey', 'offer.passkey-ever'] as const) {
    if ((await ports.attempts.take(pool.id, budget, user.sub, BUDGETS[budget], now)).isSpent) return false
  }
  return true
}
