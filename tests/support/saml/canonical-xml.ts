import { createHash, createHmac, createSign } from 'node:crypto'
import type { PoolKey } from '#adapters/saml/sign-message.ts'

/**
 * Signatures made without an XML library: these documents are written in exclusive canonical form to begin with (attributes in
 * order, a namespace where it is first used, no short tags), so that the bytes written are the bytes to be signed.
 */
export type Attributes = Readonly<Record<string, string | null>>

const attributeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
export const contentText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const orderOf = (name: string): string => `${name.startsWith('xmlns') ? 0 : 1}${name}`

/** Canonical XML 1.0 §2.3: namespaces first, then attributes, each by name. Content is XML already. */
export const canonical = (name: string, attributes: Attributes = {}, ...content: string[]): string => {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .sort(([a], [b]) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .map(([key, value]) => ` ${key}="${attributeText(value)}"`)
    .join('')
  return `<${name}${written}>${content.join('')}</${name}>`
}

const DS = 'http://www.w3.org/2000/09/xmldsig#'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** What a signature is made of; an attack changes one thing. */
export interface SignatureRecipe {
  signatureMethod: string
  digestMethod: string
  /** Node's names. */
  signatureHash: string
  digestHash: string
  transforms: readonly string[]
  canonicalization: string
  /** Instead of `#ID`. */
  reference: string | null
  /** Certificate in KeyInfo, PEM; null: no KeyInfo. */
  named: string | null
  /** Signs with this as an HMAC's secret instead of with the key. */
  hmacSecret: string | null
  /** More content behind KeyInfo. */
  object: string
  /** Goes into DigestValue, before the digest. */
  beforeDigest: string
  /** A second Reference. */
  secondReference: string
}

export const STANDARD: SignatureRecipe = {
  signatureMethod: `${MORE}rsa-sha256`,
  digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha256',
  signatureHash: 'sha256',
  digestHash: 'sha256',
  transforms: [`${DS}enveloped-signature`, EXCLUSIVE],
  canonicalization: EXCLUSIVE,
  reference: null,
  named: null,
  hmacSecret: null,
  object: '',
  beforeDigest: '',
  secondReference: '',
}

export const SHA1: Partial<SignatureRecipe> = {
  signatureMethod: `${DS}rsa-sha1`,
  digestMethod: `${DS}sha1`,
  signatureHash: 'sha1',
  digestHash: 'sha1',
}

export const bareCertificate = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, '')

/** The Signature over an element that is in canonical form, to be put inside it. */
export const signatureOver = (
  text: string,
  id: string,
  key: PoolKey,
  changes: Partial<SignatureRecipe> = {},
): string => {
  const recipe = { ...STANDARD, named: key.certificate, ...changes }
  const algorithm = (name: string, uri: string) => canonical(`ds:${name}`, { Algorithm: uri })
  const digest = createHash(recipe.digestHash).update(text).digest('base64')
  const transforms = canonical('ds:Transforms', {}, ...recipe.transforms.map((uri) => algorithm('Transform', uri)))
  const reference = canonical(
    'ds:Reference',
    { URI: recipe.reference ?? `#${id}` },
    transforms,
    algorithm('DigestMethod', recipe.digestMethod),
    canonical('ds:DigestValue', {}, recipe.beforeDigest, digest),
  )
  const inside = [
    algorithm('CanonicalizationMethod', recipe.canonicalization),
    algorithm('SignatureMethod', recipe.signatureMethod),
    reference,
    recipe.secondReference,
  ]
  const signed = canonical('ds:SignedInfo', { 'xmlns:ds': DS }, ...inside)
  const value =
    recipe.hmacSecret === null
      ? createSign(recipe.signatureHash).update(signed).sign(key.privateKey, 'base64')
      : createHmac('sha1', recipe.hmacSecret).update(signed).digest('base64')
  const certificate =
    recipe.named === null
      ? ''
      : canonical(
          'ds:KeyInfo',
          {},
          canonical('ds:X509Data', {}, canonical('ds:X509Certificate', {}, bareCertificate(recipe.named))),
        )
  return canonical(
    'ds:Signature',
    { 'xmlns:ds': DS },
    canonical('ds:SignedInfo', {}, ...inside),
    canonical('ds:SignatureValue', {}, value),
    certificate,
    recipe.object,
  )
}
