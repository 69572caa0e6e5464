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

/** As a service provider (`sp`) and as an identity provider (`idp`) a pool has a key of its own. */
export type SamlKeyUse = 'sp' | 'idp'

/** An RSA key and the self-signed certificate that carries its public half in metadata. PEM. */
export interface SamlKey {
  privateKey: string
  certificate: string
}

/** Keys that SAML messages of a pool are signed with. Private parts rest sealed, bound to pool and use. */
export interface SamlKeys {
  /** Made when it is first asked for; of any number of callers at once, all get the same. */
  of(poolId: string, use: SamlKeyUse): Promise<SamlKey>
}

/** Makes an RSA key of at least 2048 bits with a certificate that lasts for twenty years from `at`. */
export interface SamlKeyMaker {
  make(commonName: string, at: Date): Promise<SamlKey>
}

/**
 * What names of people are derived from where every app gets its own (SAML's persistent NameID). It never changes: not with the
 * master secret, nor with a signing key, for apps keep accounts under these names.
 */
export interface PairwiseSecrets {
  /** 256 bits, base64url; made when it is first asked for. */
  of(poolId: string): Promise<string>
}
