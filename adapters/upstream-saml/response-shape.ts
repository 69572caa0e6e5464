import { idsRefusal, messageRefusal, signaturesRefusal } from '#adapters/saml/message-shape.ts'
import { ASSERTION } from '#adapters/saml/names.ts'
import type { SamlRefusal } from '#adapters/saml/refusals.ts'
import { everyElement, isNamed } from '#adapters/saml/xml/read-xml.ts'

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
