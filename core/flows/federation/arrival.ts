import type { UpstreamCallback } from '../../federation/ports.ts'
import { newBearerSecret } from '../../shared/ids.ts'
import type { KeyedHash } from '../../shared/ports.ts'
import { fail, ok, type Result } from '../../shared/result.ts'
import type { JourneyPorts } from '../ports.ts'
import { departureHash, flowOfState } from './departure.ts'
import { countStrayReturn } from './stray-return.ts'

/** A provider's answer may hold a SAML response of 256 Ki characters. */
const MOST_CHARACTERS = 400_000

const isTooLarge = ({ parameters }: UpstreamCallback): boolean =>
  Object.entries(parameters).reduce((sum, [name, value]) => sum + name.length + value.length, 0) > MOST_CHARACTERS

/** What the browser that brought an answer was given for it, as it is kept. */
export const receiptHash = (hashes: KeyedHash, poolId: string, flowId: string, receipt: string): string =>
  hashes.of('arrival', `${poolId}|${flowId}|${receipt}`)

export interface Arrived {
  flowId: string
  /** For the browser that brought the answer: without it nobody fetches that. */
  receipt: string
}

const kept = async (
  { flows, hashes, clock, random }: Pick<JourneyPorts, 'flows' | 'hashes' | 'clock' | 'random'>,
  poolId: string,
  state: string,
  callback: UpstreamCallback,
): Promise<Result<Arrived>> => {
  const flowId = flowOfState(state)
  if (flowId === null) return fail('upstream-stale', { because: 'no state of ours' })
  if (isTooLarge(callback)) return fail('upstream-invalid', { because: 'too large' })
  const flow = await flows.find(poolId, flowId)
  const departure = flow?.state.departure ?? null
  if (flow === null || departure === null || flow.expiresAt <= clock.now().getTime())
    return fail('upstream-stale', { because: 'nobody is away' })
  if (!hashes.equal(departure.stateHash, departureHash(hashes, poolId, state)))
    return fail('upstream-stale', { because: 'state of another departure' })
  // The first answer stands: one that was seen on its way cannot be put in its place.
  if (departure.arrival !== null) return fail('upstream-stale', { because: 'answered already' })
  const receipt = newBearerSecret(random)
  const arrived = { ...departure, arrival: callback, receiptHash: receiptHash(hashes, poolId, flowId, receipt) }
  const next = { ...flow, state: { ...flow.state, departure: arrived } }
  if (!(await flows.save(next, { events: [] }))) return fail('upstream-stale', { because: 'two answers at once' })
  return ok({ flowId, receipt })
}

/**
 * Puts what a provider sent back into the journey that its `state` names, for the browser that left to fetch. Nothing is looked
 * at yet, and nobody is signed in: whoever brings the answer may be anybody, since no cookie comes along with a form that was
 * posted from elsewhere. The one browser that both began the journey and brought the answer fetches it: whoever has somebody else
 * sign in at the provider has the journey, and not the receipt (attacks 22, 38).
 *
 * What is refused is counted. Fails with `upstream-stale` for a state that is unknown, used, expired, or of another departure, and
 * with `upstream-invalid` for an answer that is larger than any provider's.
 */
export const keepArrival =
  (ports: JourneyPorts) =>
  async (poolId: string, state: string, callback: UpstreamCallback): Promise<Result<Arrived>> => {
    const arrived = await kept(ports, poolId, state, callback)
    if (!arrived.ok) await countStrayReturn(ports, { poolId, failure: arrived.failure, at: callback.now })
    return arrived
  }
