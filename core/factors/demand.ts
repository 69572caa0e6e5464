import type { Factor, FactorKind, MethodProof } from './factor.ts'
import { ACR_MULTI_FACTOR, ACR_PHISHING_RESISTANT, ACR_SINGLE_FACTOR, type Acr, acrOf, reaches } from './levels.ts'

/** Why more than was given is asked for; the page says it in plain words. */
export type DemandReason = 'pool' | 'person' | 'app' | 'risk'

/** What risk asks for, on top of the pool's own rule (Cognito: `MFA_IF_CONFIGURED`, `MFA_REQUIRED`). */
export type RiskDemand = 'none' | 'mfa-if-configured' | 'mfa-required'

export interface DemandFacts {
  mfa: 'off' | 'optional' | 'required'
  /** Kinds that may stand for a second factor in this pool. */
  allowed: readonly FactorKind[]
  /** The app's client asks everybody for two factors. */
  clientRequires: boolean
  /** Level the request asked for; null: none. */
  level: Acr | null
  risk: RiskDemand
  factors: readonly Factor[]
  /** Kind the person wants to be asked for first. */
  preferred: FactorKind | null
  proofs: readonly MethodProof[]
  /** The browser is remembered, and the pool lets that stand for the second factor. */
  isRemembered: boolean
}

/** What a journey still owes before its person is signed in. */
export type Demand =
  | { kind: 'met' }
  /** One of these, in the order they are offered. Never empty. `isPreferred`: the person asked for the first of them. */
  | { kind: 'prove'; factors: readonly Factor[]; isPreferred: boolean; reason: DemandReason }
  /** The person has nothing to prove with and may set something up now. Never empty. */
  | { kind: 'enrol'; kinds: readonly FactorKind[]; reason: DemandReason }
  /** Risk or the app asks for what this person does not have. */
  | { kind: 'refused'; reason: DemandReason }

const CODE_METHODS: ReadonlySet<string> = new Set(['sms', 'email'])

/**
 * Factors that would add something to the proofs given: not one that was used, and not a second code to a person who came
 * in by a code alone, for both show the same kind of thing.
 */
const adds = (proofs: readonly MethodProof[]) => {
  const cameByCode = proofs.length > 0 && proofs.every(({ method }) => CODE_METHODS.has(method))
  return (factor: Factor): boolean =>
    !proofs.some(
      ({ factorId, method }) => factorId === factor.id || (factor.kind !== 'passkey' && method === factor.kind),
    ) && !(cameByCode && factor.kind !== 'passkey')
}

const reasonOf = ({ mfa, clientRequires, level, risk, factors }: DemandFacts): DemandReason | null => {
  if (risk === 'mfa-required' || (risk === 'mfa-if-configured' && factors.length > 0)) return 'risk'
  if (level !== null && level !== ACR_SINGLE_FACTOR) return 'app'
  if (clientRequires) return 'app'
  if (mfa === 'required') return 'pool'
  return mfa === 'optional' && factors.length > 0 ? 'person' : null
}

const wantedLevel = ({ level }: DemandFacts): Acr =>
  level === ACR_PHISHING_RESISTANT ? ACR_PHISHING_RESISTANT : ACR_MULTI_FACTOR

/** The preferred kind first, then by strength, then whatever was used last. */
const inOrder = (factors: readonly Factor[], preferred: FactorKind | null, kinds: readonly FactorKind[]): Factor[] => {
  const rank = (factor: Factor) => (factor.kind === preferred ? -1 : kinds.indexOf(factor.kind))
  return [...factors].sort(
    (a, b) => rank(a) - rank(b) || (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0),
  )
}

/**
 * The one rule of how much a sign-in has to prove: by the pool, the person's own choice, the app and the risk. Pure; asked
 * after every proof and once more before the journey ends, so that no way through the pages is shorter (attacks 48, 49).
 *
 * A remembered browser answers the pool's and the person's demand, never the app's nor that of risk. Somebody who has a
 * factor is never asked to set up another instead of proving it.
 */
export const demandOf = (facts: DemandFacts): Demand => {
  const { allowed, proofs, preferred, isRemembered } = facts
  const factors = facts.factors.filter(({ kind }) => allowed.includes(kind))
  const known = { ...facts, factors }
  const reason = reasonOf(known)
  if (reason === null) return { kind: 'met' }
  const wanted = wantedLevel(known)
  const hasFactor = factors.length > 0
  if (reaches(acrOf(proofs), wanted)) {
    // A sign-up's own code proves two factors once; from then on there must be one to ask for.
    if (hasFactor || facts.mfa !== 'required' || proofs.some(({ method }) => method === 'recovery-code')) {
      return { kind: 'met' }
    }
    return { kind: 'enrol', kinds: allowed, reason }
  }
  if (isRemembered && hasFactor && (reason === 'pool' || reason === 'person')) return { kind: 'met' }
  const strongEnough = factors.filter(({ kind }) => wanted !== ACR_PHISHING_RESISTANT || kind === 'passkey')
  const useful = strongEnough.filter(adds(proofs))
  if (useful.length > 0) {
    const isPreferred = useful.some(({ kind }) => kind === preferred)
    return { kind: 'prove', factors: inOrder(useful, preferred, allowed), isPreferred, reason }
  }
  if (hasFactor || reason === 'risk') return { kind: 'refused', reason }
  const kinds = allowed.filter((kind) => wanted !== ACR_PHISHING_RESISTANT || kind === 'passkey')
  return kinds.length > 0 && facts.mfa !== 'off' ? { kind: 'enrol', kinds, reason } : { kind: 'refused', reason }
}
