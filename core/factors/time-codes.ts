import type { AuthenticatorApps } from './ports.ts'

const STEP_SECONDS = 30
/** One step either side: a slow hand, a slightly wrong clock (RFC 6238 §5.2). */
const DRIFT = 1
/** How far a wrong clock is recognised as such: ten minutes either side. Recognised, never accepted. */
const CLOCK_SEARCH = 20

export type TimeCodeAnswer = { kind: 'match'; step: number } | { kind: 'wrong-clock' } | { kind: 'mismatch' }

/** The time step of a moment. */
export const stepAt = (at: Date): number => Math.floor(at.getTime() / 1000 / STEP_SECONDS)

/**
 * Compares six digits with the current time step, one step either side, and tells a wrong clock apart. The step is not
 * consumed here: see `FactorStore.advance`.
 *
 * @param at moment of the attempt, from the clock port
 * @see RFC 6238 §4, §5.2
 */
export const checkTimeCode = (
  apps: Pick<AuthenticatorApps, 'codeAt'>,
  secret: string,
  code: string,
  at: Date,
): TimeCodeAnswer => {
  const now = stepAt(at)
  for (const offset of [0, -DRIFT, DRIFT]) {
    if (apps.codeAt(secret, now + offset) === code) return { kind: 'match', step: now + offset }
  }
  for (let offset = DRIFT + 1; offset <= CLOCK_SEARCH; offset++) {
    if (apps.codeAt(secret, now - offset) === code || apps.codeAt(secret, now + offset) === code) {
      return { kind: 'wrong-clock' }
    }
  }
  return { kind: 'mismatch' }
}
