/** One value that is, or would be, another. Undefined: not there. */
export interface Difference {
  path: string
  from: unknown
  to: unknown
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same text for the same value, whatever the order of its keys. */
const canonical = (value: unknown): string =>
  isRecord(value)
    ? `{${Object.keys(value)
        .filter((key) => value[key] !== undefined)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
        .join()}}`
    : Array.isArray(value)
      ? `[${value.map(canonical).join()}]`
      : JSON.stringify(value ?? null)

/** Field by field, in the order of names. Lists are compared whole: their order can matter. */
export const differences = (from: unknown, to: unknown, path = ''): Difference[] => {
  if (isRecord(from) && isRecord(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
    return names.flatMap((name) => differences(from[name], to[name], path === '' ? name : `${path}.${name}`))
  }
  return canonical(from) === canonical(to) ? [] : [{ path, from, to }]
}
