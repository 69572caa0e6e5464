const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

// XML 1.0 §2.2 has no way to write these.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(UNWRITABLE, '')
    .replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? '')

/** A finished piece of XML; only `element` makes one, so that no text gets into a document unescaped. */
export interface XmlPiece {
  readonly xml: string
}

type Content = XmlPiece | string | null

/** Absent (null) attributes and content are left out. Names are ours, never a caller's input. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | null>> = {},
  ...content: Content[]
): XmlPiece => {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')
  const inside = content
    .filter((piece) => piece !== null)
    .map((piece) => (typeof piece === 'string' ? escaped(piece) : piece.xml))
    .join('')
  return { xml: inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>` }
}
