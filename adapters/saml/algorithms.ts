import { ENCRYPTION, ENCRYPTION_11, SIGNATURE } from './names.ts'
import type { SamlRefusal } from './refusals.ts'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'

/** What we sign with. */
export const RSA_SHA256 = `${MORE}rsa-sha256`

/** Node's name of the digest, by the algorithm's URI: what signatures may be made with. No HMAC is ever among them (attack 74). */
const SIGNATURES: Readonly<Record<string, string>> = { [RSA_SHA256]: 'sha256', [`${MORE}rsa-sha512`]: 'sha512' }
const SHA1_SIGNATURE = `${SIGNATURE}rsa-sha1`

const DIGESTS: ReadonlySet<string> = new Set([`${ENCRYPTION}sha256`, `${ENCRYPTION}sha512`])
const SHA1_DIGEST = `${SIGNATURE}sha1`

const judged = (isListed: boolean, isSha1: boolean, allowSha1: boolean): SamlRefusal | null => {
  if (isListed || (isSha1 && allowSha1)) return null
  return isSha1 ? 'signature-sha1' : 'signature-algorithm'
}

/** Null: may be used. */
export const refusedSignature = (uri: string, allowSha1: boolean): SamlRefusal | null =>
  /hmac/i.test(uri) ? 'signature-hmac' : judged(Object.hasOwn(SIGNATURES, uri), uri === SHA1_SIGNATURE, allowSha1)

export const refusedDigest = (uri: string, allowSha1: boolean): SamlRefusal | null =>
  judged(DIGESTS.has(uri), uri === SHA1_DIGEST, allowSha1)

/** Digest for `node:crypto`, of a signature algorithm that was not refused. */
export const digestOfSignature = (uri: string): string => SIGNATURES[uri] ?? 'sha1'

export interface ContentCipher {
  cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-cbc' | 'aes-256-cbc'
  keyBytes: number
  /** False: what comes out is only as trustworthy as a signature around the ciphertext. */
  isAuthenticated: boolean
}

/** XML Encryption 1.1 §5.2. Triple DES is not among them. */
export const CONTENT_CIPHERS: Readonly<Record<string, ContentCipher>> = {
  [`${ENCRYPTION_11}aes128-gcm`]: { cipher: 'aes-128-gcm', keyBytes: 16, isAuthenticated: true },
  [`${ENCRYPTION_11}aes256-gcm`]: { cipher: 'aes-256-gcm', keyBytes: 32, isAuthenticated: true },
  [`${ENCRYPTION}aes128-cbc`]: { cipher: 'aes-128-cbc', keyBytes: 16, isAuthenticated: false },
  [`${ENCRYPTION}aes256-cbc`]: { cipher: 'aes-256-cbc', keyBytes: 32, isAuthenticated: false },
}

/**
 * Hash of RSA-OAEP, by key transport, digest and mask function; PKCS #1 v1.5 is not among them, for it can be asked for the
 * plaintext bit by bit. Node uses one hash for both parts, so mixtures of two cannot be opened.
 */
export const oaepHash = (transport: string, digest: string | null, mask: string | null): 'sha1' | 'sha256' | null => {
  const isSha1 = digest === null || digest === SHA1_DIGEST
  if (transport === `${ENCRYPTION}rsa-oaep-mgf1p`) return isSha1 ? 'sha1' : null
  if (transport !== `${ENCRYPTION_11}rsa-oaep`) return null
  if (isSha1 && (mask === null || mask === `${ENCRYPTION_11}mgf1sha1`)) return 'sha1'
  return digest === `${ENCRYPTION}sha256` && mask === `${ENCRYPTION_11}mgf1sha256` ? 'sha256' : null
}
