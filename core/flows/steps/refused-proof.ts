import { newEvent } from '../../events/index.ts'
import type { Method } from '../../factors/index.ts'
import type { Failure } from '../../shared/result.ts'
import type { JourneyPorts } from '../ports.ts'
import { refused, type StepAnswer, type StepInput } from '../step-handler.ts'

/** A first proof that was refused, with its event; what exactly failed stays there and never reaches the page. */
export const refusedProof = (
  { random }: Pick<JourneyPorts, 'random'>,
  { flow, pool, client, context, now }: StepInput,
  method: Method,
  failure: Failure,
  /** Name of the directory that was asked. */
  provider: string | null = null,
): StepAnswer =>
  refused(failure, {}, [
    newEvent(random, now, {
      poolId: pool.id,
      type: 'sign_in.step',
      outcome: 'failure',
      reason: failure.code,
      sub: failure.sub ?? null,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail: {
        step: flow.step,
        method,
        ...(provider === null ? {} : { provider }),
        ...(failure.because === undefined ? {} : { because: failure.because }),
      },
    }),
  ])
