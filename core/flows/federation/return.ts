import { newEvent } from '../../events/index.ts'
import type { IdentityProvider } from '../../federation/identity-provider.ts'
import type { UpstreamCallback } from '../../federation/ports.ts'
import { applyAnswer } from '../apply-answer.ts'
import type { Flow, PendingDeparture } from '../flow.ts'
import type { JourneyPorts } from '../ports.ts'
import { refused, type StepAnswer, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import type { SubmitAnswer } from '../submit-step.ts'
import { inItsWords, ofProvider, purposeOf } from './departure.ts'
import { isOffered } from './offered-providers.ts'
import { welcomeIdentity } from './welcome.ts'

export interface ReturnFromProvider extends Omit<StepInput, 'form' | 'now'> {
  /** How long the journey waits for the next step. */
  idleSeconds: number
}

const answerTo = async (
  ports: JourneyPorts,
  input: StepInput,
  { provider: name, remember }: PendingDeparture,
  arrival: UpstreamCallback,
): Promise<{ answer: StepAnswer; provider: IdentityProvider | null }> => {
  const provider = await ports.federation.providers.find(input.pool.id, name)
  // Switched off while somebody was away (attack 26).
  if (provider === null || !isOffered(input.client, provider, purposeOf(input.flow)))
    return {
      answer: refused({ code: 'upstream-refused', because: 'not offered any more', params: { provider: name } }),
      provider: null,
    }
  const upstream = await ports.federation.redirectsTo(provider)
  const finished = await upstream.finish(arrival, remember)
  const answer = finished.ok
    ? await welcomeIdentity(ports, input, provider, finished.value)
    : refused(inItsWords(finished.failure))
  return {
    answer: answer.kind === 'refused' ? { ...answer, failure: ofProvider(answer.failure, provider) } : answer,
    provider,
  }
}

/**
 * The browser that left is back with what its provider said. The departure is used up first, by whoever comes first; then the
 * answer is verified, and the journey goes on as after any other proof: to what is still owed, or to its end. What was proven
 * before leaving is dropped, but where an identity is to be connected to it.
 */
export const returnFromProvider =
  (ports: JourneyPorts) =>
  async ({ flow: stored, pool, client, context, idleSeconds }: ReturnFromProvider): Promise<SubmitAnswer> => {
    const here = (flow: Flow): SubmitAnswer =>
      flow.step === 'done' ? { kind: 'done' } : { kind: 'step', step: flow.step }
    const { departure } = stored.state
    if (stored.step === 'done' || departure === null || departure.arrival === null) return here(stored)
    const claimed: Flow = { ...stored, state: { ...stored.state, departure: null } }
    if (!(await ports.flows.save(claimed, { events: [] }))) return here(stored)

    const connects = purposeOf(stored) === 'connect'
    const flow: Flow = {
      ...claimed,
      version: stored.version + 1,
      ...(connects ? {} : { step: 'sign-in' as const, state: { ...claimed.state, ...droppedByEntry } }),
    }
    const now = ports.clock.now()
    const input: StepInput = { flow, pool, client, form: {}, context, now }
    const { answer } = await answerTo(ports, input, departure, departure.arrival)
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
      detail: {
        provider: departure.provider,
        purpose: purposeOf(stored),
        ...(failure?.because === undefined ? {} : { because: failure.because }),
      },
    })
    const isSaved = await ports.flows.save(next, { events: [event, ...(answer.events ?? [])] })
    if (isSaved) return here(next)
    const current = await ports.flows.find(pool.id, flow.id)
    return current === null ? { kind: 'step', step: flow.step } : here(current)
  }
