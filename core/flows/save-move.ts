import type { Alongside } from '../shared/alongside.ts'
import type { Flow, FlowState } from './flow.ts'
import type { JourneyPorts } from './ports.ts'

/** What a refused post may change: it shows the same page again and gains nothing. */
const OF_A_REFUSAL: ReadonlySet<string> = new Set([
  'failure',
  'notice',
  'values',
  'passkeyChallenge',
  'canMakePasskeys',
] satisfies (keyof FlowState)[])

/** Whether nothing happened to a journey since but that a post of its page was refused. */
const wasOnlyRefused = (before: Flow, now: Flow): boolean => {
  const gained = ({ state }: Flow): string =>
    JSON.stringify(
      Object.entries(state)
        .filter(([name]) => !OF_A_REFUSAL.has(name))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    )
  return now.step === before.step && gained(now) === gained(before)
}

/**
 * Saves a move of a journey, made of what `before` held. A form that was posted twice is answered twice, and the refusal of
 * the one that came second may be written first: the move goes over it, since what it consumed (a code) cannot be had again.
 * It goes over nothing else. False: the journey went elsewhere meanwhile.
 */
export const saveMove = async (
  { flows }: Pick<JourneyPorts, 'flows'>,
  before: Flow,
  next: Flow,
  alongside: Alongside,
): Promise<boolean> => {
  if (await flows.save(next, alongside)) return true
  const now = await flows.find(next.poolId, next.id)
  return now !== null && wasOnlyRefused(before, now) && flows.save({ ...next, version: now.version }, alongside)
}
