import type { Difference } from '#core/configuration/index.ts'
import { shortened } from './shortened.ts'

const text = (value: unknown): string => {
  if (value === undefined || value === null) return '-'
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(text).join(', ')
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '-' : oneLine(JSON.stringify(value))
  return oneLine(String(value))
}

/** Values come from people: what would move the cursor or paint the terminal is shown, not obeyed. */
const oneLine = (value: string): string =>
  value.replaceAll(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`)

const pad = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - [...cell].length))

/** Columns in step; the last one keeps its length. */
export const table = (heads: readonly string[], rows: readonly (readonly unknown[])[]): string[] => {
  const cells = [heads, ...rows.map((row) => row.map(text))]
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)))
  return cells.map((row) =>
    row
      .map((cell, column) => (column === heads.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

const flat = (value: unknown, path: string): [string, unknown][] =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, each]) => flat(each, path === '' ? name : `${path}.${name}`))
    : [[path, value]]

/** One value a line, by path: what `set` takes. */
export const details = (value: object): string[] => {
  const rows = flat(value, '')
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, each]) => `${pad(name, width)}  ${text(each)}`.trimEnd())
}

const brief = (value: unknown): string => text(shortened(value))

/** Long texts by their beginning and a fingerprint; JSON has them whole. */
export const differenceLine = ({ path, from, to }: Difference): string =>
  from === undefined
    ? `${path}: ${brief(to)}`
    : to === undefined
      ? `${path}: ${brief(from)} → (default)`
      : `${path}: ${brief(from)} → ${brief(to)}`
