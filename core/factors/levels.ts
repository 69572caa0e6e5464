import type { MethodProof } from './factor.ts'

/** Levels of a sign-in, the weakest first. The values are ours but for their meaning: OpenID Connect leaves them open. */
export const ACR_SINGLE_FACTOR = 'urn:portico:acr:single-factor'
/** Two factors of different kinds, or a passkey with user verification (NIST SP 800-63B-4 AAL2). */
export const ACR_MULTI_FACTOR = 'urn:portico:acr:multi-factor'
/** Two factors, one of them bound to the address of the page (NIST SP 800-63B-4 §3.2.5). */
export const ACR_PHISHING_RESISTANT = 'urn:portico:acr:phishing-resistant'

export const ACR_VALUES = [ACR_SINGLE_FACTOR, ACR_MULTI_FACTOR, ACR_PHISHING_RESISTANT] as const
export type Acr = (typeof ACR_VALUES)[number]

/** Whether a value is one of our levels. */
export const isAcr = (value: unknown): value is Acr => (ACR_VALUES as readonly unknown[]).includes(value)

/** Whether `reached` is as strong as `wanted` or stronger. An unknown level reaches nothing. */
export const reaches = (reached: string | undefined, wanted: Acr): boolean =>
  ACR_VALUES.indexOf(reached as Acr) >= ACR_VALUES.indexOf(wanted)

/** What a proof shows: knowledge, possession, or both at once. A remembered browser shows nothing. */
const kindsShown = ({ method, isUserVerified, federation }: MethodProof): readonly ('know' | 'have')[] => {
  switch (method) {
    case 'password':
      return ['know']
    case 'passkey':
      return isUserVerified === true ? ['have', 'know'] : ['have']
    case 'device':
      return []
    case 'federation':
      // How somebody was proven elsewhere counts only as far as the provider is trusted with it; by itself it is one factor.
      return federation?.amr.includes('mfa') === true ? ['know', 'have'] : ['know']
    default:
      return ['have']
  }
}

/** The level that proofs add up to. Two codes to two addresses are the same kind of thing twice: one factor. */
export const acrOf = (proofs: readonly MethodProof[]): Acr => {
  const shown = new Set(proofs.flatMap(kindsShown))
  if (shown.size < 2) return ACR_SINGLE_FACTOR
  return proofs.some(({ method }) => method === 'passkey') ? ACR_PHISHING_RESISTANT : ACR_MULTI_FACTOR
}

/** RFC 8176 values of a proof. Mail has none of its own: `otp` says that a code was used once. */
const amrOfOne = ({ method, isUserVerified, isSynced, federation }: MethodProof): readonly string[] => {
  switch (method) {
    case 'password':
      return ['pwd']
    case 'sms':
      return ['sms', 'otp']
    case 'passkey':
      return [isSynced === true ? 'swk' : 'hwk', ...(isUserVerified === true ? ['user'] : [])]
    case 'device':
      return []
    case 'federation':
      return federation?.amr ?? []
    default:
      return ['otp']
  }
}

/** `amr` of an ID token, with `mfa` where the proofs are of more than one kind (RFC 8176 §2). */
export const amrOf = (proofs: readonly MethodProof[]): readonly string[] => [
  ...new Set([...proofs.flatMap(amrOfOne), ...(acrOf(proofs) === ACR_SINGLE_FACTOR ? [] : ['mfa'])]),
]

/**
 * When the person was last proven by all that counts: the time of the oldest proof. `max_age` compared with it asks for
 * each method again, so that a weak fresh proof cannot renew a strong old one (attack 50).
 */
export const authenticatedAt = (proofs: readonly MethodProof[]): number =>
  Math.min(...proofs.filter(({ method }) => method !== 'device').map(({ at }) => at))
