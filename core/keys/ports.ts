import type { PoolSettings } from '../pools/pool-settings.ts'

/** A private JSON Web Key (RFC 7517) with `kid` and `alg`. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { kid: string; alg: string; kty: string }

export type KeyUse = 'id' | 'access'

export interface SigningKey {
  kid: string
  use: KeyUse
  alg: string
  /** pending: published, not used yet · active · retiring: verifies what it signed · gone */
  status: 'pending' | 'active' | 'retiring' | 'gone'
  privateJwk: PrivateJwk
}

/** Signing keys of a pool; private parts rest sealed, bound to pool and kid. */
export interface SigningKeyStore {
  /** All but those that are gone, newest first. */
  list(poolId: string): Promise<readonly SigningKey[]>
}

/** Makes the keys a pool signs with: for a new pool, and for one whose algorithm changes. */
export interface SigningKeyMaker {
  /** One for ID tokens and one for access tokens, of the settings' algorithm. */
  createFor(poolId: string, settings: PoolSettings, at: Date): Promise<void>
}
