import { refusedDigest, refusedSignature } from './algorithms.ts'
import { ENVELOPED, EXCLUSIVE, SIGNATURE } from './names.ts'
import type { SamlRefusal } from './refusals.ts'
import { attributeOf, childrenNamed, childrenOf, isNamed, onlyChild, textOf } from './xml/read-xml.ts'

const BASE64 = /^[A-Za-z0-9+/= \t\r\n]+$/

const isBase64 = (element: Element | null): boolean => {
  const text = element === null ? null : textOf(element)
  return text !== null && BASE64.test(text)
}

/** Exactly: enveloped-signature, then exclusive canonicalisation, which alone may name prefixes to include. */
const transformRefusal = (reference: Element): SamlRefusal | null => {
  const transforms = onlyChild(reference, SIGNATURE, 'Transforms')
  if (transforms === null) return 'signature-transform'
  const [enveloped, exclusive, ...more] = childrenOf(transforms)
  if (!enveloped || !exclusive || more.length > 0) return 'signature-transform'
  const inOrder =
    isNamed(enveloped, SIGNATURE, 'Transform') &&
    isNamed(exclusive, SIGNATURE, 'Transform') &&
    attributeOf(enveloped, 'Algorithm') === ENVELOPED &&
    attributeOf(exclusive, 'Algorithm') === EXCLUSIVE &&
    childrenOf(enveloped).length === 0 &&
    childrenOf(exclusive).every((child) => isNamed(child, EXCLUSIVE, 'InclusiveNamespaces')) &&
    childrenOf(exclusive).length <= 1
  return inOrder ? null : 'signature-transform'
}

const referenceRefusal = (signedInfo: Element, signedId: string, allowSha1: boolean): SamlRefusal | null => {
  const [reference, ...others] = childrenNamed(signedInfo, SIGNATURE, 'Reference')
  if (reference === undefined || others.length > 0) return 'signature-shape'
  if (attributeOf(reference, 'URI') !== `#${signedId}`) return 'signature-reference'
  const digest = onlyChild(reference, SIGNATURE, 'DigestMethod')
  if (childrenOf(reference).length !== 3 || digest === null || childrenOf(digest).length > 0) return 'signature-shape'
  return (
    transformRefusal(reference) ??
    refusedDigest(attributeOf(digest, 'Algorithm') ?? '', allowSha1) ??
    (isBase64(onlyChild(reference, SIGNATURE, 'DigestValue')) ? null : 'signature-shape')
  )
}

/**
 * What a signature has to look like before any cryptography: SignedInfo with one Reference to the very element that holds it, a
 * value, perhaps KeyInfo, and nothing else. What is left cannot move, widen or reinterpret what was signed (attacks 66, 67, 74).
 *
 * @param signedId the ID of the element that the signature is a child of
 * @see SAML 2.0 Core §5.4
 */
export const signatureShapeRefusal = (signature: Element, signedId: string, allowSha1: boolean): SamlRefusal | null => {
  if (!isNamed(signature, SIGNATURE, 'Signature')) return 'signature-misplaced'
  const parts = childrenOf(signature).map(({ localName }) => localName)
  if (parts.includes('Object')) return 'signature-object'
  if (!['SignedInfo,SignatureValue', 'SignedInfo,SignatureValue,KeyInfo'].includes(parts.join()))
    return 'signature-shape'
  const signedInfo = onlyChild(signature, SIGNATURE, 'SignedInfo')
  if (signedInfo === null || !isBase64(onlyChild(signature, SIGNATURE, 'SignatureValue'))) return 'signature-shape'
  const canonicalization = onlyChild(signedInfo, SIGNATURE, 'CanonicalizationMethod')
  const method = onlyChild(signedInfo, SIGNATURE, 'SignatureMethod')
  if (childrenOf(signedInfo).length !== 3 || canonicalization === null || method === null) return 'signature-shape'
  if (attributeOf(canonicalization, 'Algorithm') !== EXCLUSIVE || childrenOf(canonicalization).length > 0)
    return 'signature-canonicalization'
  return (
    refusedSignature(attributeOf(method, 'Algorithm') ?? '', allowSha1) ??
    (childrenOf(method).length > 0 ? 'signature-shape' : null) ??
    referenceRefusal(signedInfo, signedId, allowSha1)
  )
}
