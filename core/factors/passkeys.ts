import type { MethodProof } from './factor.ts'
import type { RelyingParty } from './ports.ts'

/** Most passkeys of one person (Cognito's limit of `ListWebAuthnCredentials`). */
export const MOST_PASSKEYS = 20

/** What a pool says about passkeys. */
export interface PasskeySettings {
  relyingPartyId?: string | undefined
  userVerification: 'required' | 'preferred'
}

/** Whether a passkey made under `id` may be used at `host`: its own name, or a domain it belongs to (HTML §7.1.1). */
export const mayRelyOn = (host: string, id: string): boolean =>
  host === id || (id.includes('.') && host.endsWith(`.${id}`))

/**
 * Where a pool's passkeys work: the host of its own address, or the wider domain it chose. Null where the host no longer
 * belongs to that domain: no passkey could be made or used there, so none is offered.
 */
export const relyingPartyOf = (
  { relyingPartyId }: Pick<PasskeySettings, 'relyingPartyId'>,
  base: string,
  name: string,
): RelyingParty | null => {
  const { origin, hostname } = new URL(base)
  const id = relyingPartyId ?? hostname
  return mayRelyOn(hostname, id) ? { id, name, origin } : null
}

/**
 * Whether a passkey has to ask for a face, a finger or a PIN: where the pool says so, and wherever the passkey alone must
 * show both that the person has it and that it is them. Depends on nothing about the person before a first proof.
 */
export const verificationOf = (
  { userVerification }: Pick<PasskeySettings, 'userVerification'>,
  { needsTwoFactors, proofs }: { needsTwoFactors: boolean; proofs: readonly MethodProof[] },
): 'required' | 'preferred' => {
  const isKnown = proofs.some(({ method, isUserVerified }) => method === 'password' || isUserVerified === true)
  return needsTwoFactors && !isKnown ? 'required' : userVerification
}
