import { ASSERTION, PROTOCOL, SIGNATURE } from './names.ts'
import type { SamlRefusal } from './refusals.ts'
import { signatureShapeRefusal } from './signature-shape.ts'
import { attributeOf, everyElement, isNamed } from './xml/read-xml.ts'

/** XML Schema's NCName, as every ID is: no quotes, nothing that means something in a path or a pointer. */
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/
const ID_NAMES = ['ID', 'Id', 'id', 'xml:id']

const idsRefusal = (elements: readonly Element[]): SamlRefusal | null => {
  const seen = new Set<string>()
  for (const element of elements)
    for (const name of ID_NAMES) {
      const id = attributeOf(element, name)
      if (id === null) continue
      if (seen.has(id) || !ID.test(id)) return 'duplicate-id'
      seen.add(id)
    }
  return null
}

const ancestorsOf = (element: Element): Element[] => {
  const found: Element[] = []
  for (let up = element.parentNode; up !== null && up.nodeType === 1; up = up.parentNode) found.push(up as Element)
  return found
}

const isInside = (element: Element, names: readonly string[]): boolean =>
  ancestorsOf(element).some(({ localName }) => names.includes(localName))

const ASSERTIONS = ['Assertion', 'EncryptedAssertion']

/** Names are compared without their namespaces here: what only looks like an assertion has no business in a response either. */
const wrappingRefusal = (root: Element, elements: readonly Element[]): SamlRefusal | null => {
  const second = elements.find((one) => one !== root && one.localName === 'Response')
  if (second) return isInside(second, ['Signature']) ? 'response-inside-signature' : 'response-inside-response'
  const assertions = elements.filter(({ localName }) => ASSERTIONS.includes(localName))
  if (assertions.some((one) => isInside(one, ['Object']))) return 'signature-object'
  if (assertions.some((one) => isInside(one, ['Signature']))) return 'assertion-inside-signature'
  if (assertions.some((one) => isInside(one, ASSERTIONS))) return 'assertion-inside-assertion'
  if (assertions.some((one) => one.parentNode !== root || one.namespaceURI !== ASSERTION)) return 'assertion-misplaced'
  if (assertions.length > 1) return 'several-assertions'
  return null
}

export const signaturesBelow = (element: Element): Element[] =>
  Array.from(element.childNodes).filter(
    (node): node is Element => node.nodeType === 1 && isNamed(node as Element, SIGNATURE, 'Signature'),
  )

/** Every signature of the document is a well-shaped one, a child of one of `signable`, and its only one. */
export const signaturesRefusal = (
  elements: readonly Element[],
  signable: readonly Element[],
  allowSha1: boolean,
): SamlRefusal | null => {
  for (const signature of elements.filter(({ localName }) => localName === 'Signature')) {
    const parent = signable.find((one) => one === signature.parentNode)
    if (parent === undefined) return 'signature-misplaced'
    if (signaturesBelow(parent).length > 1) return 'several-signatures'
    const refusal = signatureShapeRefusal(signature, attributeOf(parent, 'ID') ?? '', allowSha1)
    if (refusal !== null) return refusal
  }
  return null
}

/** An element of the protocol of version 2.0 that has an ID, with no ID used twice below it. */
export const messageRefusal = (root: Element, name: string): SamlRefusal | null => {
  if (!isNamed(root, PROTOCOL, name) || attributeOf(root, 'Version') !== '2.0' || attributeOf(root, 'ID') === null)
    return 'wrong-message'
  return idsRefusal(everyElement(root))
}

/**
 * What a response has to look like as a whole before any signature is verified: one Response, at most one assertion and that right
 * below it, signatures only where they sign their parent. There is then one way to read it (attack 66).
 */
export const responseShapeRefusal = (root: Element, allowSha1: boolean): SamlRefusal | null => {
  const elements = everyElement(root)
  const assertions = elements.filter((one) => isNamed(one, ASSERTION, 'Assertion'))
  return (
    messageRefusal(root, 'Response') ??
    wrappingRefusal(root, elements) ??
    signaturesRefusal(elements, [root, ...assertions], allowSha1)
  )
}

/** What was inside an encrypted assertion. */
export const assertionShapeRefusal = (root: Element, allowSha1: boolean): SamlRefusal | null => {
  const elements = everyElement(root)
  const others = elements.filter((one) => one !== root && [...ASSERTIONS, 'Response'].includes(one.localName))
  if (!isNamed(root, ASSERTION, 'Assertion')) return 'wrong-message'
  if (others.length > 0) return 'assertion-inside-assertion'
  return idsRefusal(elements) ?? signaturesRefusal(elements, [root], allowSha1)
}
