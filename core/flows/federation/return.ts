import { newEvent } from '../../events/index.ts'
import { type IdentityProvider, type ProviderType, providerTypeOf } from '../../federation/index.ts'
import type { UpstreamIdentity } from '../../federation/ports.ts'
import { ok, type Result } from '../../shared/result.ts'
import { applyAnswer } from '../apply-answer.ts'
import type { Flow } from '../flow.ts'
import type { JourneyPorts } from '../ports.ts'
import { refused, type StepAnswer, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import type { SubmitAnswer } from '../submit-step.ts'
import { receiptHash } from './arrival.ts'
import { inItsWords, ofProvider, purposeOf } from './departure.ts'
import { isOffered, type Purpose } from './offered-providers.ts'
import { welcomeIdentity } from './welcome.ts'

export interface ReturnFromProvider extends Omit<StepInput, 'form' | 'now'> {
  /** How long the journey waits for the next step. */
  idleSeconds: number
}

export interface FetchArrival extends ReturnFromProvider {
  /** Given to the browser that brought the answer (`keepArrival`). */
  receipt: string
}

/** The provider, as long as people of the app may come by it; it may have been switched off while somebody was away (attack 26). */
const stillOffered = async (ports: JourneyPorts, { pool, client, flow }: StepInput, name: string) => {
  const provider = await ports.federation.providers.find(pool.id, name)
  return provider !== null && isOffered(client, provider, purposeOf(flow)) ? provider : null
}

const answerTo = async (
  ports: JourneyPorts,
  input: StepInput,
  name: string,
  finish: (provider: IdentityProvider) => Promise<Result<UpstreamIdentity>>,
): Promise<{ answer: StepAnswer; type: ProviderType | null }> => {
  const provider = await stillOffered(ports, input, name)
  if (provider === null) return { answer: refused({ code: 'provider-not-offered' }), type: null }
  const finished = await finish(provider)
  const answer = finished.ok
    ? await welcomeIdentity(ports, input, provider, finished.value)
    : refused(inItsWords(finished.failure))
  return {
    answer: answer.kind === 'refused' ? { ...answer, failure: ofProvider(answer.failure, provider) } : answer,
    type: providerTypeOf(provider.settings),
  }
}

const here = (flow: Flow): SubmitAnswer => (flow.step === 'done' ? { kind: 'done' } : { kind: 'step', step: flow.step })

interface Returned {
  provider: string
  /** Null: the provider is gone. */
  type: ProviderType | null
  purpose: Purpose | 'unsolicited'
  idleSeconds: number
}

/** Writes what the answer made of the journey, with its event, and says where the browser goes. */
const goOn = async (
  ports: JourneyPorts,
  { flow, pool, client, context, now }: StepInput,
  answer: StepAnswer,
  { provider, purpose, idleSeconds, type }: Returned,
): Promise<SubmitAnswer> => {
  const next = applyAnswer(ports, flow, answer, { pool, now, idleSeconds })
  const failure = answer.kind === 'refused' ? answer.failure : null
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'federation.returned',
    outcome: failure === null ? 'success' : 'failure',
    reason: failure?.code ?? null,
    sub: failure?.sub ?? next.state.proof?.sub ?? next.state.challenge?.sub ?? null,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { provider, purpose, ...(failure?.because === undefined ? {} : { because: failure.because }) },
  })
  const isSaved = await ports.flows.save(next, { events: [event, ...(answer.events ?? [])] })
  if (isSaved) {
    const seconds = (ports.clock.now().getTime() - now.getTime()) / 1000
    ports.federation.watch.returned(type, failure?.code ?? 'success', seconds)
    return here(next)
  }
  const current = await ports.flows.find(pool.id, flow.id)
  return current === null ? { kind: 'step', step: flow.step } : here(current)
}

/** Begins anew at the sign-in page: whatever was proven before is dropped. */
const fromTheStart = (flow: Flow): Flow => ({
  ...flow,
  step: 'sign-in',
  state: { ...flow.state, ...droppedByEntry },
})

/**
 * The browser that left is back with what its provider said, and with the receipt for it; without that nothing happens. The departure is used up first, by whoever comes first; then the
 * answer is verified, and the journey goes on as after any other proof: to what is still owed, or to its end. What was proven
 * before leaving is dropped, but where an identity is to be connected to it.
 */
export const returnFromProvider =
  (ports: JourneyPorts) =>
  async ({ flow: stored, pool, client, context, idleSeconds, receipt }: FetchArrival): Promise<SubmitAnswer> => {
    const { departure } = stored.state
    if (stored.step === 'done' || departure === null || departure.arrival === null) return here(stored)
    const given = receiptHash(ports.hashes, pool.id, stored.id, receipt)
    if (departure.receiptHash === null || !ports.hashes.equal(departure.receiptHash, given)) return here(stored)
    const claimed: Flow = { ...stored, state: { ...stored.state, departure: null } }
    if (!(await ports.flows.save(claimed, { events: [] }))) return here(stored)

    const purpose = purposeOf(stored)
    const mine: Flow = { ...claimed, version: stored.version + 1 }
    const flow = purpose === 'connect' ? mine : fromTheStart(mine)
    const input: StepInput = { flow, pool, client, form: {}, context, now: ports.clock.now() }
    const { provider, remember, arrival } = departure
    const { answer, type } = await answerTo(ports, input, provider, async (known) =>
      (await ports.federation.redirectsTo(known)).finish(arrival, remember),
    )
    return goOn(ports, input, answer, { provider, type, purpose, idleSeconds })
  }

export interface EnterUnsolicited extends ReturnFromProvider {
  /** Name of the provider that the journey is for. */
  provider: string
  /** The browser's secret for the identity that was kept. */
  id: string
}

/**
 * A journey that a provider began: who it is about was verified and kept, and is taken once. Null: there is nothing to take, or
 * not of this provider, or the app asks for a fresh authentication or a level; the journey leaves for the provider as any other.
 */
export const enterUnsolicited =
  (ports: JourneyPorts) =>
  async ({ flow: stored, pool, client, context, idleSeconds, provider, id }: EnterUnsolicited) => {
    if (stored.step === 'done') return here(stored)
    const now = ports.clock.now()
    const kept = await ports.federation.unsolicited.take(pool.id, ports.hashes.of('unsolicited', id), now)
    if (kept === null || kept.provider !== provider) return null
    // Nobody asked the provider for either, so that its word is no answer to them (attack 50).
    const { mustBeFresh, foreignLevel } = stored.state.request
    if (mustBeFresh || foreignLevel !== null) return null
    const input: StepInput = { flow: fromTheStart(stored), pool, client, form: {}, context, now }
    const { answer, type } = await answerTo(ports, input, provider, async () => ok(kept.identity))
    return goOn(ports, input, answer, { provider, type, purpose: 'unsolicited', idleSeconds })
  }
