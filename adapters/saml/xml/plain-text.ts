import type { SamlRefusal } from '../refusals.ts'

export interface XmlLimits {
  /** UTF-16 units of the text. */
  characters: number
  depth: number
  elements: number
  /** Different names of elements: parsers look for the end of each. */
  names: number
  /** Of one element: parsers compare each with every other. */
  attributes: number
}

const DECLARATION =
  /^<\?xml[ \t\r\n]+version=(["'])1\.0\1([ \t\r\n]+encoding=(["'])utf-8\3)?([ \t\r\n]+standalone=(["'])(yes|no)\5)?[ \t\r\n]*\?>/i
const ALLOWED_REFERENCE = /^&(amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});/
// XML 1.0 §2.2 Char, in UTF-16; halves of pairs that stand alone are found by isWellFormed().
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?'
const SPACE = '[ \\t\\r\\n]'
const TAG_NAME = new RegExp(`(/?)(${NAME})`, 'y')
const ATTRIBUTE = new RegExp(`${SPACE}+(${NAME})${SPACE}*=${SPACE}*("[^"<]*"|'[^'<]*')`, 'y')
const TAG_END = new RegExp(`${SPACE}*(/?)>`, 'y')

const isXmlCharacter = (point: number): boolean =>
  point === 0x9 ||
  point === 0xa ||
  point === 0xd ||
  (point >= 0x20 && point <= 0xd7ff) ||
  (point >= 0xe000 && point <= 0xfffd) ||
  (point >= 0x10000 && point <= 0x10ffff)

const markupRefusal = (text: string, at: number): SamlRefusal => {
  if (text.startsWith('<!--', at)) return 'xml-comment'
  if (text.startsWith('<![CDATA[', at)) return 'xml-cdata'
  return text[at + 1] === '?' ? 'xml-processing-instruction' : 'xml-dtd'
}

const referenceRefusal = (text: string): SamlRefusal | null => {
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    const reference = ALLOWED_REFERENCE.exec(text.slice(at, at + 12))?.[1]
    if (reference === undefined) return 'xml-entity'
    if (reference.startsWith('#')) {
      const point = Number(reference.startsWith('#x') ? `0${reference.slice(1)}` : reference.slice(1))
      if (!isXmlCharacter(point)) return 'xml-malformed'
    }
  }
  return null
}

/** Where the attributes that begin at `from` end, or why they may not be. */
const afterAttributes = (text: string, from: number, most: number): number | SamlRefusal => {
  const names = new Set<string>()
  let at = from
  for (;;) {
    ATTRIBUTE.lastIndex = at
    const [, name] = ATTRIBUTE.exec(text) ?? []
    if (name === undefined) return at
    if (names.has(name)) return 'xml-malformed'
    names.add(name)
    if (names.size > most) return 'xml-too-complex'
    at = ATTRIBUTE.lastIndex
  }
}

/**
 * Reads the text as XML with nothing in it but elements, attributes and characters, and says why it is not. Parsers differ in what
 * they make of the rest — document types, comments, sections, broken tags — and what two of them read differently is how a
 * signature is kept while its meaning changes (attacks 67, 69, 74). So nothing of it ever reaches a parser. Linear in the text.
 */
export const plainTextRefusal = (document: string, limits: XmlLimits): SamlRefusal | null => {
  if (document.length > limits.characters) return 'message-too-large'
  const text = document.replace(DECLARATION, '')
  if (!text.isWellFormed() || FORBIDDEN.test(text)) return 'xml-malformed'
  const special = text.search(/<[!?]/)
  if (special !== -1) return markupRefusal(text, special)
  const reference = referenceRefusal(text)
  if (reference !== null) return reference
  if (text.includes(']]>')) return 'xml-malformed'

  const open: string[] = []
  const names = new Set<string>()
  let elements = 0
  let at = 0
  for (;;) {
    const start = text.indexOf('<', at)
    const between = text.slice(at, start === -1 ? undefined : start)
    if (open.length === 0 && /[^ \t\r\n]/.test(between)) return 'xml-malformed'
    if (start === -1) return open.length === 0 && elements > 0 ? null : 'xml-malformed'
    TAG_NAME.lastIndex = start + 1
    const [, slash, name] = TAG_NAME.exec(text) ?? []
    if (name === undefined) return 'xml-malformed'
    const end = slash ? TAG_NAME.lastIndex : afterAttributes(text, TAG_NAME.lastIndex, limits.attributes)
    if (typeof end === 'string') return end
    TAG_END.lastIndex = end
    const [, selfClosing] = TAG_END.exec(text) ?? []
    if (selfClosing === undefined || (slash && selfClosing)) return 'xml-malformed'
    at = TAG_END.lastIndex
    if (slash) {
      if (open.pop() !== name) return 'xml-malformed'
      continue
    }
    if (open.length === 0 && elements > 0) return 'xml-malformed'
    elements += 1
    names.add(name)
    if (elements > limits.elements || open.length >= limits.depth || names.size > limits.names) return 'xml-too-complex'
    if (!selfClosing) open.push(name)
  }
}
