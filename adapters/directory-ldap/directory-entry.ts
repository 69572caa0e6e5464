import type { Entry } from 'ldapts'
import { guidText } from './object-guid.ts'

/** An entry as it was found. */
export interface DirectoryEntry {
  /** Distinguished name, as the directory spells it. */
  name: string
  /** Texts of an attribute in the order they came, whatever the case of its name; what is no text is left out. */
  valuesOf(attribute: string): readonly string[]
}

const GUID = 'objectguid'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Null: bytes that are no text, or hold what no text does. */
const decoded = (bytes: Buffer): string | null => {
  try {
    const text = utf8.decode(bytes)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells bytes from text
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? null : text
  } catch {
    return null
  }
}

const textOf = (attribute: string, value: string | Buffer): string | null => {
  const bytes = Buffer.from(value as string)
  return attribute === GUID ? guidText(bytes) : decoded(bytes)
}

/**
 * Active Directory sends what is long in ranges (MS-ADTS §3.1.1.3.1.3.3); the first 1,500 values are enough here. Other options make
 * another value of it, in another language for one: nobody asked for those.
 */
const plainName = (type: string): string | null => {
  const [name = '', ...options] = type.toLowerCase().split(';')
  return options.every((option) => option.startsWith('range=')) ? name : null
}

/** What the library read, by names alone. */
export const directoryEntry = ({ dn, ...attributes }: Entry): DirectoryEntry => {
  const values = new Map<string, string[]>()
  for (const [type, found] of Object.entries(attributes)) {
    const name = plainName(type)
    if (name === null) continue
    const texts = [found].flat().map((value) => textOf(name, value))
    values.set(name, [...(values.get(name) ?? []), ...texts.filter((text) => text !== null)])
  }
  return { name: dn, valuesOf: (attribute) => values.get(attribute.toLowerCase()) ?? [] }
}
