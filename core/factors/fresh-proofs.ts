import type { MethodProof } from './factor.ts'
import { FRESH_SECONDS } from './freshness.ts'

/**
 * Proofs that are recent enough for a change of password or factor. A remembered browser is no proof at all: whoever sits
 * down at it must not be able to lock its owner out (attacks 50, 51).
 */
export const freshProofs = (proofs: readonly MethodProof[], at: Date): readonly MethodProof[] =>
  proofs.filter((proof) => proof.method !== 'device' && proof.at >= at.getTime() - FRESH_SECONDS * 1000)
