import type { Factor, Method, MethodProof } from './factor.ts'

/** How long a proof counts for an act that could take the account away from its owner. */
export const FRESH_SECONDS = 600

/**
 * Proofs that are recent enough for a change of password or factor. A remembered browser is no proof at all: whoever sits
 * down at it must not be able to lock its owner out (attacks 50, 51).
 */
export const freshProofs = (proofs: readonly MethodProof[], now: Date): readonly MethodProof[] =>
  proofs.filter(({ method, at }) => method !== 'device' && now.getTime() - at <= FRESH_SECONDS * 1000)

const CODES: ReadonlySet<string> = new Set(['sms', 'email'])
/** Stand in for any factor of the person's: one that was lost must be replaceable. */
const AS_STRONG_AS_ANY: readonly Method[] = ['passkey', 'totp', 'recovery-code']

/** Methods one of which has to be fresh; null: whatever the person signs in with. */
const wantedOf = (factors: readonly Factor[]): ReadonlySet<Method> | null => {
  if (factors.length === 0) return null
  const hasMoreThanCodes = factors.some(({ kind }) => !CODES.has(kind))
  return new Set<Method>(hasMoreThanCodes ? AS_STRONG_AS_ANY : [...AS_STRONG_AS_ANY, 'sms', 'email'])
}

/**
 * Whether somebody may change how they are known: by a proof of the strongest sort they have, given within ten minutes.
 * Each method has its own time, so that a weak new proof renews no strong old one (attack 50). A code by SMS or mail does
 * not stand in for an authenticator app or a passkey; a remembered browser stands for nothing.
 *
 * @param factors those that count in the pool: `acceptedFactors`
 */
export const isFresh = (proofs: readonly MethodProof[], factors: readonly Factor[], now: Date): boolean => {
  const wanted = wantedOf(factors)
  return freshProofs(proofs, now).some(({ method }) => wanted === null || wanted.has(method))
}
