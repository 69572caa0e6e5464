import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningKey } from '#core/keys/index.ts'

// Through libuv's pool: an RSA signature costs a third of a millisecond that the event loop does not have to wait for.
const signInPool = promisify(sign)

interface LoadedKey {
  kid: string
  alg: string
  privateKey: KeyObject
  publicKey: KeyObject
}

/** Digest and options of RFC 7518 §3.1 and RFC 8037 for the algorithms a pool may have. */
const signatureInput = (alg: string, key: KeyObject) =>
  alg === 'ES256'
    ? { digest: 'sha256', key: { key, dsaEncoding: 'ieee-p1363' as const } }
    : { digest: alg === 'RS256' ? 'sha256' : null, key: { key } }

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const decode = (part: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** `at_hash` (OpenID Connect Core §3.1.3.6): the left half of the hash that the signature's algorithm uses. */
export const leftHalfHash = (alg: string, value: string): string => {
  const digest = hash(alg === 'EdDSA' ? 'sha512' : 'sha256', value, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

/** Longest JWT that is looked at. */
const MAX_JWT = 16_384

/**
 * Signs and recognises the pool's own JWTs, with keys parsed once. Verification takes the algorithm from the key, never
 * from the token (RFC 8725 §3.1).
 */
export const tokenSigner = (keys: readonly SigningKey[]) => {
  const loaded = new Map<string, LoadedKey>(
    keys.map(({ kid, alg, privateJwk }) => {
      const privateKey = createPrivateKey({ key: privateJwk as never, format: 'jwk' })
      return [kid, { kid, alg, privateKey, publicKey: createPublicKey(privateKey) }]
    }),
  )
  const activeKid = (use: SigningKey['use']): string | undefined =>
    keys.find((key) => key.use === use && key.status === 'active')?.kid
  return {
    async sign(use: SigningKey['use'], typ: string | null, payload: Record<string, unknown>): Promise<string> {
      const key = loaded.get(activeKid(use) ?? activeKid('id') ?? '')
      if (key === undefined) throw new Error('the pool has no active signing key')
      const input = `${encode({ alg: key.alg, ...(typ === null ? {} : { typ }), kid: key.kid })}.${encode(payload)}`
      const { digest, key: parameters } = signatureInput(key.alg, key.privateKey)
      const signature = await signInPool(digest, Buffer.from(input), parameters)
      return `${input}.${signature.toString('base64url')}`
    },
    /** The payload of a JWT that this pool signed; null for anything else. Expiry is not looked at. */
    recognise(jwt: string): Record<string, unknown> | null {
      if (jwt.length > MAX_JWT) return null
      const [head, body, signature, ...more] = jwt.split('.')
      if (head === undefined || body === undefined || signature === undefined || more.length > 0) return null
      const header = decode(head)
      const key = typeof header?.kid === 'string' ? loaded.get(header.kid) : undefined
      if (key === undefined || header?.alg !== key.alg || header.crit !== undefined) return null
      const { digest, key: parameters } = signatureInput(key.alg, key.publicKey)
      const bytes = Buffer.from(signature, 'base64url')
      // One spelling per signature: base64url tolerates stray bits that would make a second one.
      if (bytes.toString('base64url') !== signature) return null
      return verify(digest, Buffer.from(`${head}.${body}`), parameters, bytes) ? decode(body) : null
    },
  }
}
export type TokenSigner = ReturnType<typeof tokenSigner>
