import { ACR_MULTI_FACTOR, acrOf, type Factor, freshProofs, type MethodProof, reaches } from '../factors/index.ts'

/**
 * What a journey has to bring so that a sensitive act may go on: a proof of a moment ago, of two factors from who has a
 * second one. Where the level is reached and what was shown is still not of the sort that counts, everything once more: a
 * level alone would be given back unasked.
 *
 * @param factors those that count in the pool: `acceptedFactors`
 */
export const proofToAskFor = (
  proofs: readonly MethodProof[],
  factors: readonly Factor[],
  now: Date,
): { fresh: 'one-factor' | 'two-factors' } | 'all-anew' => {
  const fresh = freshProofs(proofs, now)
  const given = proofs.filter(({ method }) => method !== 'device')
  if (fresh.length === given.length && reaches(acrOf(fresh), ACR_MULTI_FACTOR)) return 'all-anew'
  return { fresh: factors.length > 0 ? 'two-factors' : 'one-factor' }
}
