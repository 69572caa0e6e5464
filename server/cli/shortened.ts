import { createHash } from 'node:crypto'

/** Longer, or of several lines: a certificate, metadata, a stylesheet. */
const MOST_CHARACTERS = 120
const FIRST_CHARACTERS = 40

const inBrief = (text: string): string => {
  if (text.length <= MOST_CHARACTERS && !text.trimEnd().includes('\n')) return text
  const [first = ''] = text.trimStart().split('\n')
  const print = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `${[...first].slice(0, FIRST_CHARACTERS).join('').trimEnd()}… (${text.length} characters, SHA-256 ${print}…)`
}

/** A value with its long texts cut to their beginning and a fingerprint, by which two of them can be told apart. */
export const shortened = (value: unknown): unknown => {
  if (typeof value === 'string') return inBrief(value)
  if (Array.isArray(value)) return value.map(shortened)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shortened(each)]))
}
