import type { Factor, FactorKind } from './factor.ts'

/** What a pool takes as proof. */
export interface AcceptedKinds {
  /** How a sign-in may begin. */
  firstFactors: readonly string[]
  /** Kinds that may stand for a second factor. */
  factors: { allowed: readonly FactorKind[] }
}

/** Whether the pool takes proofs by this kind: as the second factor, or, by a passkey, as the first. */
export const acceptsFactor = ({ firstFactors, factors }: AcceptedKinds, kind: FactorKind): boolean =>
  factors.allowed.includes(kind) || (kind === 'passkey' && firstFactors.includes('passkey'))

/**
 * Those of a person's factors that count in the pool, for whichever end: what `isFresh` measures proofs against. A passkey
 * counts that only begins sign-ins too, or whoever knows the password could take it away from its owner (attack 51). Which
 * of them a sign-in may ask for as the second factor is `factorsOf`, and which of those it still owes `demandOf`.
 */
export const acceptedFactors = <Each extends Pick<Factor, 'kind'>>(
  settings: AcceptedKinds,
  enrolled: readonly Each[],
): readonly Each[] => enrolled.filter(({ kind }) => acceptsFactor(settings, kind))
