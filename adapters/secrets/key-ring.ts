import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'

const VERSION = 1

export interface KeyRing extends KeyedHash, Sealer {
  /** A key for one use: cookies, step tokens. 32 bytes, base64url. */
  derive(purpose: string): string
  /** False for what was sealed under the previous secret and has to be sealed anew before that one is dropped. */
  isCurrent(sealed: string): boolean
}

const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'portico/v1', purpose, 32))

/** Names the secret a value was sealed under, without telling it. */
const keyId = (secret: string): string =>
  createHash('sha256').update(deriveKey(secret, 'key-id')).digest('base64url').slice(0, 8)

/**
 * Every key of the deployment, derived from one master secret with HKDF-SHA-256 (RFC 5869), one key per purpose.
 *
 * Sealed values are `v.keyId.nonce.ciphertext.tag`, AES-256-GCM with version, purpose and row as associated data. `previous` opens
 * what was sealed before a change of secret, and recognises what outlives one (`everyOf`); everything new is made under the present one.
 */
export const keyRing = (secret: string, previous: string | null = null): KeyRing => {
  // By secret and purpose: deriving costs more than the HMAC it serves, and every request makes several.
  const caches = new Map<string, Map<string, Buffer>>()
  const keyFor = (master: string, purpose: string): Buffer => {
    const cache = caches.get(master) ?? new Map<string, Buffer>()
    caches.set(master, cache)
    const known = cache.get(purpose)
    if (known) return known
    const key = deriveKey(master, purpose)
    cache.set(purpose, key)
    return key
  }
  const secrets = new Map([secret, ...(previous === null ? [] : [previous])].map((master) => [keyId(master), master]))
  const current = keyId(secret)

  return {
    derive: (purpose) => keyFor(secret, `derive:${purpose}`).toString('base64url'),
    everyOf: (purpose, value) =>
      [...secrets.values()].map((master) =>
        createHmac('sha256', keyFor(master, `hash:${purpose}`))
          .update(value)
          .digest('base64url'),
      ),
    isCurrent: (sealed) => sealed.split('.')[1] === current,
    of: (purpose, value) =>
      createHmac('sha256', keyFor(secret, `hash:${purpose}`))
        .update(value)
        .digest('base64url'),
    equal: (a, b) => {
      const left = Buffer.from(a)
      const right = Buffer.from(b)
      return left.length === right.length && timingSafeEqual(left, right)
    },
    seal: (purpose, boundTo, plain) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyFor(secret, `seal:${purpose}`), nonce)
      cipher.setAAD(Buffer.from(`${VERSION}|${purpose}|${boundTo}`))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [
        VERSION,
        current,
        nonce.toString('base64url'),
        body.toString('base64url'),
        cipher.getAuthTag().toString('base64url'),
      ].join('.')
    },
    open: (purpose, boundTo, sealed) => {
      const [version, id, nonce, body, tag] = sealed.split('.')
      const master = id === undefined ? undefined : secrets.get(id)
      if (
        version !== String(VERSION) ||
        master === undefined ||
        nonce === undefined ||
        body === undefined ||
        tag === undefined
      ) {
        throw new Error(`cannot open a sealed value of purpose ${purpose}: unknown version or key`)
      }
      const decipher = createDecipheriv(
        'aes-256-gcm',
        keyFor(master, `seal:${purpose}`),
        Buffer.from(nonce, 'base64url'),
        { authTagLength: 16 },
      )
      decipher.setAAD(Buffer.from(`${VERSION}|${purpose}|${boundTo}`))
      decipher.setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
    },
  }
}
