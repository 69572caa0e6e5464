import { PROTOCOL, SIGNATURE } from './names.ts'
import type { SamlRefusal } from './refusals.ts'
import { signatureShapeRefusal } from './signature-shape.ts'
import { attributeOf, everyElement, isNamed } from './xml/read-xml.ts'

/** XML Schema's NCName, as every ID is: no quotes, nothing that means something in a path or a pointer. */
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/
const ID_NAMES = ['ID', 'Id', 'id', 'xml:id']

/** No identifier is used twice, and each is one. Null: so it is. */
export const idsRefusal = (elements: readonly Element[]): SamlRefusal | null => {
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
