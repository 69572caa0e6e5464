import { newEvent } from '../../events/index.ts'
import type { Failure } from '../../shared/result.ts'
import type { JourneyPorts } from '../ports.ts'

export interface StrayReturn {
  poolId: string
  failure: Failure
  /** When it came; epoch milliseconds. */
  at: number
  detail?: Readonly<Record<string, string>>
}

/** Notes a return that belongs to no journey. Counted by the minute: anybody can send as many as they like. */
export const countStrayReturn = async (
  { events, random, clock, federation }: Pick<JourneyPorts, 'events' | 'random' | 'clock' | 'federation'>,
  { poolId, failure, at, detail = {} }: StrayReturn,
): Promise<void> => {
  const now = clock.now()
  federation.watch.returned(null, failure.code, Math.max(0, now.getTime() - at) / 1000)
  await events.count(
    newEvent(random, now, {
      poolId,
      type: 'federation.returned',
      outcome: 'failure',
      reason: failure.code,
      context: null,
      detail: { ...detail, ...(failure.because === undefined ? {} : { because: failure.because }) },
    }),
  )
}
