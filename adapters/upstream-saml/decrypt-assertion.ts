import { constants, createDecipheriv, privateDecrypt } from 'node:crypto'
import { CONTENT_CIPHERS, type ContentCipher, oaepHash } from '#adapters/saml/algorithms.ts'
import { ENCRYPTION, ENCRYPTION_11, SIGNATURE } from '#adapters/saml/names.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { attributeOf, onlyChild, textOf } from '#adapters/saml/xml/read-xml.ts'
import { ok, type Result } from '#core/shared/result.ts'

const GCM_IV = 12
const GCM_TAG = 16
const CBC_BLOCK = 16

const cipherValue = (encrypted: Element): Buffer | null => {
  const data = onlyChild(encrypted, ENCRYPTION, 'CipherData')
  const value = data && onlyChild(data, ENCRYPTION, 'CipherValue')
  const text = value && textOf(value)
  return text ? Buffer.from(text.replace(/\s/g, ''), 'base64') : null
}

interface Envelope {
  contentAlgorithm: string
  content: Buffer
  transport: string
  digest: string | null
  mask: string | null
  wrappedKey: Buffer
}

/** XML Encryption §3: the key inside the KeyInfo of the data it opens, as SAML providers write it; no retrieval by address. */
const envelopeOf = (encryptedAssertion: Element): Envelope | null => {
  const data = onlyChild(encryptedAssertion, ENCRYPTION, 'EncryptedData')
  const info = data && onlyChild(data, SIGNATURE, 'KeyInfo')
  const key = info && onlyChild(info, ENCRYPTION, 'EncryptedKey')
  const contentMethod = data && onlyChild(data, ENCRYPTION, 'EncryptionMethod')
  const keyMethod = key && onlyChild(key, ENCRYPTION, 'EncryptionMethod')
  const content = data && cipherValue(data)
  const wrappedKey = key && cipherValue(key)
  if (!contentMethod || !keyMethod || !content || !wrappedKey) return null
  const digest = onlyChild(keyMethod, SIGNATURE, 'DigestMethod')
  const mask = onlyChild(keyMethod, ENCRYPTION_11, 'MGF')
  return {
    contentAlgorithm: attributeOf(contentMethod, 'Algorithm') ?? '',
    content,
    transport: attributeOf(keyMethod, 'Algorithm') ?? '',
    digest: digest && attributeOf(digest, 'Algorithm'),
    mask: mask && attributeOf(mask, 'Algorithm'),
    wrappedKey,
  }
}

const openGcm = (cipher: 'aes-128-gcm' | 'aes-256-gcm', key: Buffer, content: Buffer): Buffer => {
  // A short tag would be easier to guess; Node takes one unless told its length.
  const decipher = createDecipheriv(cipher, key, content.subarray(0, GCM_IV), { authTagLength: GCM_TAG })
  decipher.setAuthTag(content.subarray(-GCM_TAG))
  return Buffer.concat([decipher.update(content.subarray(GCM_IV, -GCM_TAG)), decipher.final()])
}

/** XML Encryption §5.2.1: the last byte alone counts the padding. */
const openCbc = (cipher: 'aes-128-cbc' | 'aes-256-cbc', key: Buffer, content: Buffer): Buffer => {
  const decipher = createDecipheriv(cipher, key, content.subarray(0, CBC_BLOCK)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(content.subarray(CBC_BLOCK)), decipher.final()])
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > CBC_BLOCK) throw new Error('padding')
  return padded.subarray(0, -padding)
}

const open = ({ cipher }: ContentCipher, key: Buffer, content: Buffer): Buffer =>
  cipher === 'aes-128-gcm' || cipher === 'aes-256-gcm' ? openGcm(cipher, key, content) : openCbc(cipher, key, content)

/**
 * The text of an encrypted assertion. A mode that does not authenticate is opened only when a signature around the ciphertext was
 * verified, so that nobody can learn from our answers by changing it (attack 71). All that can go wrong in opening is one reason.
 *
 * @param isSignedOutside the element was read from verified bytes
 * @param keys PEM; the present one and, for a while, the one before
 */
export const decryptAssertion = (
  encryptedAssertion: Element,
  isSignedOutside: boolean,
  keys: readonly string[],
): Result<string> => {
  const envelope = envelopeOf(encryptedAssertion)
  if (envelope === null) return refuse('encryption-shape')
  const hash = oaepHash(envelope.transport, envelope.digest, envelope.mask)
  if (hash === null) return refuse('encryption-algorithm', envelope.transport)
  const algorithm = Object.hasOwn(CONTENT_CIPHERS, envelope.contentAlgorithm)
    ? CONTENT_CIPHERS[envelope.contentAlgorithm]
    : undefined
  if (algorithm === undefined) return refuse('encryption-algorithm', envelope.contentAlgorithm)
  if (!algorithm.isAuthenticated && !isSignedOutside) return refuse('encryption-unauthenticated')
  for (const key of keys)
    try {
      const padding = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }
      const contentKey = privateDecrypt(padding, envelope.wrappedKey)
      if (contentKey.length !== algorithm.keyBytes) continue
      const opened = open(algorithm, contentKey, envelope.content)
      return ok(new TextDecoder('utf-8', { fatal: true }).decode(opened))
    } catch {
      // Another key may fit.
    }
  return refuse('decryption-failed')
}
