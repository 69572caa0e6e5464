/** What a person can prove besides a password, the strongest first (NIST SP 800-63B-4 §3.1). */
export const FACTOR_KINDS = ['passkey', 'totp', 'sms', 'email'] as const
export type FactorKind = (typeof FACTOR_KINDS)[number]

/** Public facts of a passkey, kept as the authenticator gave them (WebAuthn Level 3 §4). */
export interface PasskeyDetail {
  /** base64url of the COSE public key. */
  publicKey: string
  /** How the browser may reach it: `internal`, `hybrid`, `usb`, `nfc`, `ble`. */
  transports: readonly string[]
  /** Model of the authenticator; all zeros where it does not say. */
  aaguid: string
  /** May be copied to other devices of the person. */
  isBackupEligible: boolean
  /** Is copied at the moment. */
  isBackedUp: boolean
  /** It can ask for a face, a finger or a PIN. */
  isUserVerified: boolean
  /** Host it works on. */
  rpId: string
}

/** One enrolled factor. People have one authenticator app, one phone and one mailbox as factors, and several passkeys. */
export interface Factor {
  poolId: string
  sub: string
  /** The kind itself, so that there is one of it; UUID v7 of a passkey. */
  id: string
  kind: FactorKind
  /** What the person calls it. */
  name: string | null
  /** E.164 number or mail address that codes go to. */
  address: string | null
  credentialId: string | null
  passkey: PasskeyDetail | null
  /** Last time step used of an authenticator app; signature counter of a passkey. */
  counter: number
  createdAt: Date
  lastUsedAt: Date | null
}

/**
 * Ways of proving, factors or not. `device` is a remembered browser standing in for a second factor: no proof of its own.
 * `federation` is an identity provider's word for somebody.
 */
export type Method = 'password' | 'totp' | 'sms' | 'email' | 'passkey' | 'recovery-code' | 'device' | 'federation'

/** One proof given by a person. `amr`, `acr` and freshness are computed from these and from nothing else. */
export interface MethodProof {
  method: Method
  /** Epoch milliseconds. */
  at: number
  /** The factor that was used; a password and a recovery code have none. */
  factorId?: string
  /** A passkey asked for a face, a finger or a PIN: two factors in one act. */
  isUserVerified?: true
  /** A passkey that leaves its device. */
  isSynced?: true
  /**
   * The provider whose word it is, and how it says that it authenticated (RFC 8176), where it is trusted with that. In a proof of
   * another method: the provider that was connected beside it, whose session ends with this one.
   */
  federation?: FederatedProof
}

export interface FederatedProof {
  provider: string
  amr: readonly string[]
  /** Id of the session there that can be ended. */
  session: string | null
  /** A second factor is the provider's business: what pool and person ask for beside a password is not asked for here. */
  coversSecondFactor: boolean
}
