import { type PoolSettings, passwordRulesOf } from '../pools/pool-settings.ts'
import type { Random } from '../shared/ports.ts'

// Without what people read wrongly to one another: 0 O o, 1 l I.
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const LOWER = 'abcdefghijkmnpqrstuvwxyz'
const DIGITS = '23456789'
const GROUP = 5
const LEAST = 15

/**
 * A password that fits every rule of the pool and is to be replaced at the first sign-in: groups of five, joined by
 * hyphens (`Kx7pq-…`), which count as symbols. 15 letters and digits carry 86 bits.
 */
export const temporaryPassword = (random: Random, pool: Pick<PoolSettings, 'passwordPolicy' | 'mfa'>): string => {
  const letters = Math.max(LEAST, passwordRulesOf(pool).minLength)
  // The first of each group guarantees the class; the rest is uniform over all.
  const group = (at: number): string =>
    random.text(1, [UPPER, LOWER, DIGITS][at % 3] ?? LOWER) + random.text(GROUP - 1, UPPER + LOWER + DIGITS)
  return Array.from({ length: Math.ceil(letters / GROUP) }, (_, at) => group(at)).join('-')
}
