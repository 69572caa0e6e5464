import type { Pool } from '../pools/pool-settings.ts'
import type { Random } from '../shared/ports.ts'
import type { Flow } from './flow.ts'
import { journeyExpiry } from './journey-life.ts'
import { newChallenge } from './passkey-ceremony.ts'
import { toFormMessage } from './shown-failure.ts'
import type { StepAnswer } from './step-handler.ts'
import { mayBecome } from './steps.ts'

/**
 * The journey as the answer of a step leaves it: where it may go, and with what. Throws when that is not on the map: a step
 * is wrong then, and must not become a way around a proof.
 */
export const applyAnswer = (
  { random }: { random: Random },
  flow: Flow,
  answer: StepAnswer,
  { pool, now, idleSeconds }: { pool: Pool; now: Date; idleSeconds: number },
): Flow => {
  // Whatever was signed over the former one is used up, right or wrong.
  const fresh = { passkeyChallenge: newChallenge(random) }
  const next: Flow =
    answer.kind === 'refused'
      ? {
          ...flow,
          state: {
            ...flow.state,
            notice: null,
            ...answer.state,
            ...fresh,
            failure: toFormMessage(answer.failure, pool),
          },
        }
      : {
          ...flow,
          step: answer.step,
          expiresAt: journeyExpiry(flow.createdAt, now, idleSeconds),
          state: { ...flow.state, failure: null, notice: null, ...answer.state, ...fresh },
        }
  if (!mayBecome(flow, next)) throw new Error(`the journey may not go from ${flow.step} to ${next.step}`)
  return next
}
