/** One element of BER (X.690 §8.1): where its content is. */
interface Element {
  tag: number
  from: number
  to: number
}

const MULTI_BYTE_TAG = 0x1f

/** The next element within `[at, end)`; null: there is none that is whole, of definite length and of a tag of one byte. */
export const elementAt = (bytes: Buffer, at: number, end: number): Element | null => {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || at + 2 > end || (tag & MULTI_BYTE_TAG) === MULTI_BYTE_TAG) return null
  if (first < 0x80) return at + 2 + first <= end ? { tag, from: at + 2, to: at + 2 + first } : null
  const count = first & 0x7f
  // Indefinite length, which LDAP forbids (RFC 4511 §5.1), and lengths beyond four bytes.
  if (count === 0 || count > 4 || at + 2 + count > end) return null
  const from = at + 2 + count
  const to = from + bytes.readUIntBE(at + 2, count)
  return to <= end ? { tag, from, to } : null
}

/** All elements within a range, which they have to fill; null: they do not. */
const elementsIn = (bytes: Buffer, from: number, to: number): Element[] | null => {
  const found: Element[] = []
  for (let at = from; at < to; ) {
    const element = elementAt(bytes, at, to)
    if (element === null) return null
    found.push(element)
    at = element.to
  }
  return found
}

const TAG = { boolean: 0x01, integer: 0x02, text: 0x04, enumerated: 0x0a, sequence: 0x30, set: 0x31, controls: 0xa0 }

type Check = (bytes: Buffer, element: Element) => boolean

const ofTag =
  (tag: number): Check =>
  (_bytes, element) =>
    element.tag === tag
const number =
  (tag: number): Check =>
  (_bytes, { tag: found, from, to }) =>
    found === tag && to - from >= 1 && to - from <= 4

/** Exactly these, one after the other; those that may be missing come last. */
const inOrder =
  (tag: number, needed: readonly Check[], optional: readonly Check[] = []): Check =>
  (bytes, element) => {
    if (element.tag !== tag) return false
    const parts = elementsIn(bytes, element.from, element.to)
    if (parts === null || parts.length < needed.length) return false
    if (!needed.every((check, index) => check(bytes, parts[index] as Element))) return false
    let next = 0
    return parts.slice(needed.length).every((part) => {
      while (next < optional.length && !optional[next]?.(bytes, part)) next += 1
      next += 1
      return next <= optional.length
    })
  }

const listOf =
  (tag: number, check: Check): Check =>
  (bytes, element) =>
    element.tag === tag && (elementsIn(bytes, element.from, element.to)?.every((part) => check(bytes, part)) ?? false)

/**
 * RFC 4512 §1.4. `dn` is no attribute and nobody asks for it: the library keeps an entry's name in a member of that name, which an
 * attribute would replace.
 */
const attributeType: Check = (bytes, { tag, from, to }) => {
  const name = bytes.toString('latin1', from, to)
  return (
    tag === TAG.text &&
    /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9=*-]+)*$/.test(name) &&
    !/^dn$/i.test(name)
  )
}

const text = ofTag(TAG.text)
const RESULT = [number(TAG.enumerated), text, text] as const
const referral = listOf(0xa3, text)

/** RFC 4511 §4: the answers to what is ever asked here, and the server's own notice that it is leaving. */
const OPERATIONS: Readonly<Record<number, Check>> = {
  97: inOrder(0x61, RESULT, [referral, ofTag(0x87)]),
  100: inOrder(0x64, [text, listOf(TAG.sequence, inOrder(TAG.sequence, [attributeType, listOf(TAG.set, text)]))]),
  101: inOrder(0x65, RESULT, [referral]),
  103: inOrder(0x67, RESULT, [referral]),
  115: listOf(0x73, text),
  120: inOrder(0x78, RESULT, [referral, ofTag(0x8a), ofTag(0x8b)]),
}
const operation: Check = (bytes, element) => OPERATIONS[element.tag]?.(bytes, element) ?? false

const control = inOrder(TAG.sequence, [text], [number(TAG.boolean), text])
const message = inOrder(TAG.sequence, [number(TAG.integer), operation], [listOf(TAG.controls, control)])

/**
 * Whether these bytes are exactly one LDAP response, every length within the one around it. The library believes lengths: one that is
 * a lie would have it read for ever (ldapts 9.2), so it sees nothing that did not pass here.
 */
export const isResponse = (bytes: Buffer): boolean => {
  const whole = elementAt(bytes, 0, bytes.length)
  return whole !== null && whole.to === bytes.length && message(bytes, whole)
}
