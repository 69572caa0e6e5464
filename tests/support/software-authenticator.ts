import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/**
 * An authenticator in software: makes real passkeys (ES256, no attestation) and real assertions, and lies on demand. What it
 * gives back is what a page posts: the JSON of `PublicKeyCredential.toJSON()`.
 */

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>

const head = (major: number, length: number): Buffer => {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255])
}

/** CTAP2 canonical CBOR (RFC 8949) of what an attestation needs. */
const cbor = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, each]) => [cbor(key), cbor(each)])])
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

/** WebAuthn Level 3 §6.1: bits of the flags byte. */
const FLAGS = { present: 1, verified: 4, backupEligible: 8, backedUp: 16, credential: 64 } as const

/** How an answer differs from an honest one. */
export interface Lie {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  crossOrigin?: boolean
  isPresent?: boolean
  isVerified?: boolean
  isBackupEligible?: boolean
  isBackedUp?: boolean
  counter?: number
  /** Of the assertion; null: says nothing. */
  userHandle?: string | null
  /** Signs with another key. */
  forged?: boolean
  /** The credential it says to be. */
  id?: string
}

interface Held {
  id: string
  key: KeyObject
  rpId: string
  userHandle: string
  counter: number
}

export interface SoftwareAuthenticator {
  /** Answers creation options as JSON. */
  create(options: string, lie?: Lie): string
  /** Answers request options with the newest passkey it may use, or with `id`. */
  get(options: string, lie?: Lie): string
  readonly ids: readonly string[]
}

export interface AuthenticatorTraits {
  /** Origin of the page that asks. */
  origin: string
  aaguid?: string
  /** Asks for a face, a finger or a PIN. */
  verifies?: boolean
  syncs?: boolean
  /** Counts signatures; those that sync do not. */
  counts?: boolean
  transports?: readonly string[]
}

export const softwareAuthenticator = ({
  origin,
  aaguid = '00000000-0000-0000-0000-000000000000',
  verifies = true,
  syncs = false,
  counts = !syncs,
  transports = ['internal'],
}: AuthenticatorTraits): SoftwareAuthenticator => {
  const held: Held[] = []

  const clientData = (type: string, challenge: string, lie: Lie): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: lie.type ?? type,
        challenge: lie.challenge ?? challenge,
        origin: lie.origin ?? origin,
        crossOrigin: lie.crossOrigin ?? false,
      }),
    )

  const authenticatorData = (rpId: string, counter: number, lie: Lie, credential = Buffer.alloc(0)): Buffer => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lie.counter ?? counter)
    const flags =
      ((lie.isPresent ?? true) ? FLAGS.present : 0) |
      ((lie.isVerified ?? verifies) ? FLAGS.verified : 0) |
      ((lie.isBackupEligible ?? syncs) ? FLAGS.backupEligible : 0) |
      ((lie.isBackedUp ?? syncs) ? FLAGS.backedUp : 0) |
      (credential.length > 0 ? FLAGS.credential : 0)
    return Buffer.concat([sha256(lie.rpId ?? rpId), Buffer.from([flags]), count, credential])
  }

  return {
    get ids() {
      return held.map(({ id }) => id)
    },
    create(options, lie = {}) {
      const { challenge, rp, user } = JSON.parse(options) as {
        challenge: string
        rp: { id: string }
        user: { id: string }
      }
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const rawId = randomBytes(32)
      const cose = cbor(
        new Map<number, Cbor>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      )
      const credential = Buffer.concat([
        Buffer.from(aaguid.replaceAll('-', ''), 'hex'),
        Buffer.from([0, rawId.length]),
        rawId,
        cose,
      ])
      const id = base64url(rawId)
      held.push({ id, key: privateKey, rpId: rp.id, userHandle: user.id, counter: 0 })
      const attestation = cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authenticatorData(rp.id, 0, lie, credential)],
        ]),
      )
      return JSON.stringify({
        id: lie.id ?? id,
        rawId: lie.id ?? id,
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge, lie)),
          attestationObject: base64url(attestation),
          transports,
        },
      })
    },
    get(options, lie = {}) {
      const {
        challenge,
        rpId,
        allowCredentials = [],
      } = JSON.parse(options) as { challenge: string; rpId: string; allowCredentials?: { id: string }[] }
      const found = held.findLast(
        ({ id }) => id === lie.id || allowCredentials.length === 0 || allowCredentials.some((each) => each.id === id),
      )
      if (found === undefined) throw new Error('no passkey here answers that')
      if (counts) found.counter += 1
      const data = authenticatorData(rpId, found.counter, lie)
      const client = clientData('webauthn.get', challenge, lie)
      const key = lie.forged ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : found.key
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), key)
      const userHandle = lie.userHandle === undefined ? found.userHandle : lie.userHandle
      return JSON.stringify({
        id: lie.id ?? found.id,
        rawId: lie.id ?? found.id,
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
          ...(userHandle === null ? {} : { userHandle }),
        },
      })
    },
  }
}
