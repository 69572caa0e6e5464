/** Ports that every capability may need. */

/** The only source of "now"; tests set it. */
export interface Clock {
  /** The moment of the call. */
  now(): Date
}

/** The only source of randomness; tests seed it. */
export interface Random {
  /** Cryptographically strong. */
  bytes(count: number): Uint8Array
  /** Uniform over `alphabet`. */
  text(length: number, alphabet: string): string
  /** Random UUID, version 4 (RFC 9562 §5.4). */
  uuid(): string
  /** Time-ordered UUID, version 7 (RFC 9562 §5.7). */
  uuidAt(at: Date): string
}

/** Keyed one-way hashes under a key derived from the master secret, one per purpose. */
export interface KeyedHash {
  /** base64url of HMAC-SHA-256. */
  of(purpose: string, value: string): string
  /** The same under every secret still accepted, the present one first: for what outlives a change of secret. */
  everyOf(purpose: string, value: string): readonly string[]
  /** Constant-time comparison of two hashes made by `of`. */
  equal(a: string, b: string): boolean
}

/** Authenticated encryption under a key derived from the master secret. */
export interface Sealer {
  /** `boundTo` names the row: a sealed value copied to another row does not open. */
  seal(purpose: string, boundTo: string, plain: string): string
  /** Throws when the value was altered, moved, or sealed under a secret we no longer have. */
  open(purpose: string, boundTo: string, sealed: string): string
}

/** What is known of the request on whose behalf a use-case runs. */
export interface RequestContext {
  requestId: string
  /** Address of the peer after trusted proxies; null when it could not be read, which is never a pass. */
  ip: string | null
  userAgent: string | null
  /** What a browser says of itself without being asked; absent where no browser asked. */
  browser?: BrowserFacts
}

export interface BrowserFacts {
  acceptLanguage: string | null
  /** User-Agent Client Hints of low entropy; null: none were sent. */
  clientHints: { brands: string | null; platform: string | null } | null
  isSecure: boolean
  /** Secrets of the device cookies, by what stands after the common part of their names. */
  deviceSecrets: Readonly<Record<string, string>>
}
