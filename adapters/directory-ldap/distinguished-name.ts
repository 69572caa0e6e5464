/** RFC 4514 §2.4: what has a meaning in a name, spelled so that it has none; spaces and `#` are spelled wherever they stand. */
export const escapeNameValue = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is the character that is meant
  value.replace(/[,+"\\<>;=# \u0000]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

const unescaped = (text: string): string => {
  const bytes: number[] = []
  for (let at = 0; at < text.length; ) {
    const hex = /^\\([0-9a-f]{2})/i.exec(text.slice(at, at + 3))
    if (hex?.[1]) {
      bytes.push(Number.parseInt(hex[1], 16))
      at += 3
      continue
    }
    const character = String.fromCodePoint(text.codePointAt(at + (text[at] === '\\' ? 1 : 0)) ?? 0)
    bytes.push(...Buffer.from(character))
    at += character.length + (text[at] === '\\' ? 1 : 0)
  }
  return Buffer.from(bytes).toString('utf8')
}

/** `Sales, North` of `CN=Sales\, North,OU=Groups,DC=corp`: the value of the first attribute; null: there is none. */
export const firstValueOf = (name: string): string | null => {
  const match = /^\s*[A-Za-z0-9.-]+\s*=\s*((?:\\.|[^\\,+;])*)/s.exec(name)
  return match?.[1] ? unescaped(match[1].trim()) : null
}

/** Two spellings of one name that differ in case and in spaces after commas are one, which is enough to see a circle. */
export const nameKey = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\s*([,=+])\s*/g, '$1')
    .trim()

/** Whether it can be a name at all: what is bound with must never be read as anything else. */
export const looksLikeName = (name: string): boolean => /^[A-Za-z0-9.-]+\s*=/.test(name)
