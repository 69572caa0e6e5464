import { fail, ok, type Result } from '../result.ts'
import { nearestWord } from './nearest-word.ts'
import { findSetting, type Setting } from './setting-list.ts'

type Json = unknown
type Assignment = { path: string; value: Json }

const refused = (path: string, message: string): Result<never> =>
  fail('settings-refused', { field: path, because: `${path}: ${message}`, problems: [{ path, message }] })

const listOf = (text: string): string[] => {
  const bare = /^\[(.*)\]$/su.exec(text.trim())?.[1] ?? text
  return bare
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

const fromJson = (path: string, text: string): Result<Json> => {
  try {
    return ok(JSON.parse(text))
  } catch {
    return refused(path, 'must be JSON')
  }
}

const readValue = (setting: Setting, path: string, text: string): Result<Json> => {
  switch (setting.kind) {
    case 'text':
      return ok(text)
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(text) ? ok(Number(text)) : refused(path, 'must be a number')
    case 'flag':
      return text === 'true' || text === 'false' ? ok(text === 'true') : refused(path, 'must be true or false')
    case 'list':
      // What a list of words cannot say: `[{"claim": "groups", …}]`.
      return /^\s*\[\s*\{/.test(text) ? fromJson(path, text) : ok(listOf(text))
    case 'object':
      return /^\s*\{/.test(text) ? fromJson(path, text) : refused(path, 'name one of its parts, or write it as JSON')
  }
}

/**
 * Reads `session.maxMinutes=30`. An empty value takes the setting away: its default is in force again. Lists are separated
 * by commas; lists of objects, and objects whose parts have no names of their own here, are JSON. Fails with `settings-refused`, and names the setting that was probably meant.
 */
export const readAssignment = (settings: readonly Setting[], text: string): Result<Assignment> => {
  const at = text.indexOf('=')
  if (at < 1) return refused(text, 'write it as name=value')
  const [path, raw] = [text.slice(0, at).trim(), text.slice(at + 1)]
  const setting = findSetting(settings, path)
  if (setting === null) {
    const meant = nearestWord(
      path,
      settings.map((each) => each.path),
    )
    return refused(path, meant === null ? 'unknown setting' : `unknown setting; did you mean ${meant}?`)
  }
  if (raw === '') return ok({ path, value: undefined })
  const value = readValue(setting, path, raw)
  return value.ok ? ok({ path, value: value.value }) : value
}

/** Where a name of one's own may hold dots (`attributes.custom:a.b.required`), the pattern says which ones separate. */
const partsOf = (settings: readonly Setting[], path: string): string[] => {
  const pattern = findSetting(settings, path)?.path.split('.') ?? path.split('.')
  const star = pattern.indexOf('*')
  const parts = path.split('.')
  if (star < 0) return parts
  const after = pattern.length - star - 1
  return [
    ...parts.slice(0, star),
    parts.slice(star, parts.length - after).join('.'),
    ...parts.slice(parts.length - after),
  ]
}

const assign = (target: Json, parts: readonly string[], value: Json): Json => {
  const [first, ...rest] = parts
  if (first === undefined) return value
  const kept = typeof target === 'object' && target !== null ? (target as Record<string, Json>) : {}
  const { [first]: present, ...others } = kept
  const next = assign(present, rest, value)
  return next === undefined ? others : { ...others, [first]: next }
}

/** Settings with the assignments made; the given ones are left alone. */
export const assignSettings = (settings: readonly Setting[], current: Json, assignments: readonly Assignment[]): Json =>
  assignments.reduce((target, { path, value }) => assign(target, partsOf(settings, path), value), current)
