import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { Factor, FactorKind, PasskeyDetail } from './factor.ts'

/** A factor about to be enrolled; `secret` is an authenticator app's, and is sealed by the store. */
export type NewFactor = Omit<Factor, 'lastUsedAt'> & { secret: string | null }

/** Enrolled factors. Every method is one transaction with what stands alongside. */
export interface FactorStore {
  /** In order of enrolment. */
  list(poolId: string, sub: string): Promise<readonly Factor[]>
  /**
   * Fails with `factor-exists` when the person has one of the kind already or, for a passkey, when anybody of the pool has
   * that credential; of two enrolments at once exactly one wins.
   */
  enrol(factor: NewFactor, alongside: Alongside): Promise<Result<void>>
  /** An authenticator app's secret; null when there is none. */
  secretOf(poolId: string, sub: string, id: string): Promise<string | null>
  /**
   * Moves the counter forward to `counter`, in one statement. False when it stands there or further: the time step was
   * used (RFC 6238 §5.2), or a passkey's signature counter went back. A passkey whose counter stays zero has none.
   */
  advance(poolId: string, sub: string, id: string, counter: number, at: Date): Promise<boolean>
  /** Notes the use of a factor without a counter. */
  used(poolId: string, sub: string, id: string, at: Date): Promise<void>
  /** Null when nobody of the pool has that credential. */
  findByCredential(poolId: string, credentialId: string): Promise<Factor | null>
  /** Notes whether a passkey is copied to other devices now (WebAuthn Level 3 §6.1.3). */
  noteBackup(poolId: string, sub: string, id: string, isBackedUp: boolean): Promise<void>
  /** Fails with `factor-missing`. */
  rename(poolId: string, sub: string, id: string, name: string, alongside: Alongside): Promise<Result<void>>
  /**
   * Fails with `factor-missing`, and with `last-factor` where no other of the kinds `keepOneOf` would be left: of two
   * removals at once that would leave none, exactly one happens.
   */
  remove(
    poolId: string,
    sub: string,
    id: string,
    alongside: Alongside,
    keepOneOf?: readonly FactorKind[] | null,
  ): Promise<Result<void>>
  /** All of a person's factors and recovery codes: an administrator's reset. */
  removeAll(poolId: string, sub: string, alongside: Alongside): Promise<void>
  /** Which kind is asked for first; null: the strongest. */
  prefer(poolId: string, sub: string, kind: FactorKind | null, alongside: Alongside): Promise<void>
}

/** Codes for when a factor is lost: ten at a time, each good for one use. */
export interface RecoveryCodeStore {
  /** The former ones stop working. */
  replace(poolId: string, sub: string, hashes: readonly string[], at: Date, alongside: Alongside): Promise<void>
  /** Uses a code in one statement: of fifty at once exactly one is true. Alongside is written only then. */
  use(poolId: string, sub: string, hash: string, at: Date, alongside: Alongside): Promise<boolean>
  /** Null when the person never had any. */
  count(poolId: string, sub: string): Promise<{ left: number; total: number; createdAt: Date } | null>
}

export interface Device {
  poolId: string
  sub: string
  id: string
  /** Keyed hash of the secret in the browser's cookie. */
  tokenHash: string
  /** Browser and system: "Firefox, Linux". */
  name: string
  /** Until when it stands for the second factor; null: never. */
  rememberedUntil: Date | null
  firstSeenAt: Date
  lastSeenAt: Date
  lastIp: string | null
  lastPlace: { country: string | null; city: string | null } | null
}

/** Browsers people signed in with. */
export interface DeviceStore {
  /** Null: not a browser of this person. */
  find(poolId: string, sub: string, tokenHash: string): Promise<Device | null>
  /** The last seen first. */
  list(poolId: string, sub: string): Promise<readonly Device[]>
  /**
   * Writes the device of a completed sign-in: a new row, or the times and place of the one that has this token. A
   * `rememberedUntil` of null leaves what is there. Fifty at once make one row.
   */
  seen(device: Device, alongside: Alongside): Promise<void>
  /** Fails with `device-missing`. */
  forget(poolId: string, sub: string, id: string, alongside: Alongside): Promise<Result<void>>
  /** All but one. */
  forgetOthers(poolId: string, sub: string, keep: string | null, alongside: Alongside): Promise<void>
}

/** Authenticator apps: the arithmetic of RFC 6238 (SHA-1, 30 s, six digits: what every app knows) and the picture they read. */
export interface AuthenticatorApps {
  /** Base32 of 160 random bits (RFC 4226 §4 R6). */
  newSecret(): string
  /** The six digits of a time step (Unix seconds / 30). */
  codeAt(secret: string, step: number): string
  /** `otpauth://` address and its QR code, as path data over a square of `size` modules with its quiet zone. */
  present(secret: string, issuer: string, account: string): { uri: string; qr: { size: number; path: string } }
}

/** Who asks for a passkey: the id it is bound to, and the one origin whose pages may ask (WebAuthn Level 3 §5.4.2). */
export interface RelyingParty {
  /** A host name: the origin's, or a domain it belongs to. */
  id: string
  name: string
  origin: string
}

/** What both sides of a ceremony must agree on. */
export interface Ceremony {
  relyingParty: RelyingParty
  /** base64url of 32 random bytes, used once. */
  challenge: string
  userVerification: 'required' | 'preferred'
}

export interface NewPasskey {
  credentialId: string
  counter: number
  detail: PasskeyDetail
}

/** An assertion before it was checked: whose it says to be. */
export interface ClaimedPasskey {
  credentialId: string
  /** The `sub` it was made for; null when the authenticator does not say. */
  userHandle: string | null
}

/** What one assertion has shown. */
export interface ShownPasskey {
  counter: number
  isUserVerified: boolean
  isBackedUp: boolean
  /** It may leave its device. */
  isSynced: boolean
}

/**
 * The two ceremonies of WebAuthn (Level 3 §7.1, §7.2). Options and answers are the JSON of
 * `PublicKeyCredential.parse…OptionsFromJSON()` and `toJSON()`; answers come from a form and may be anything.
 * What is refused is `passkey-refused`, with the reason for the log.
 */
export interface PasskeyCeremonies {
  /** The person's `sub` is the user handle: opaque, and no address is kept on the authenticator but the shown name. */
  creationOptions(
    ceremony: Ceremony,
    person: { sub: string; name: string },
    existing: readonly Factor[],
  ): Promise<string>
  /** `mayBeUnattended`: made without a gesture right after a password was used (Level 3 §5.1.3, conditional creation). */
  verifyCreation(ceremony: Ceremony, answer: string, mayBeUnattended: boolean): Promise<Result<NewPasskey>>
  /** Without factors anybody's passkey may answer, and the options say nothing about anybody. */
  requestOptions(ceremony: Ceremony, factors: readonly Factor[]): Promise<string>
  /** Null: not an assertion at all. */
  claimOf(answer: string): ClaimedPasskey | null
  /** The counter is not judged here: see `FactorStore.advance`. */
  verifyAssertion(ceremony: Ceremony, answer: string, factor: Factor): Promise<Result<ShownPasskey>>
}
