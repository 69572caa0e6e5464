import type { z } from 'zod'
import { fail, ok, type Result, type SettingsProblem } from '../result.ts'
import { nearestWord } from './nearest-word.ts'
import { problemWords } from './problem-words.ts'
import { namesAt } from './setting-list.ts'

const problemsOf = (schema: z.ZodType, issue: z.core.$ZodIssue): SettingsProblem[] => {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(schema, issue.path)
    return issue.keys.map((key) => {
      const meant = nearestWord(key, known)
      return {
        path: path === '' ? key : `${path}.${key}`,
        message: meant === null ? 'unknown setting' : `unknown setting; did you mean ${meant}?`,
      }
    })
  }
  if (issue.code === 'invalid_value')
    return [{ path, message: `must be one of ${issue.values.map(String).join(', ')}` }]
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? 'this name is not allowed' }]
  return [{ path, message: issue.message }]
}

/**
 * Settings, or one of them, against their schema. Fails with `settings-refused` and every problem at once; values are never
 * repeated.
 *
 * @param at what the input is called where it stands inside something larger: `name`
 */
export const parseSettings = <S extends z.ZodType>(schema: S, input: unknown, at = ''): Result<z.output<S>> => {
  const parsed = schema.safeParse(input, { error: problemWords })
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(schema, issue))
  return settingsRefused(problems.map(({ path, message }) => ({ path: [at, path].filter(Boolean).join('.'), message })))
}

/** All problems at once, as `settings-refused`; `field` is the first. */
export const settingsRefused = (problems: readonly SettingsProblem[]): Result<never> =>
  fail('settings-refused', {
    field: problems[0]?.path ?? '',
    because: problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
    problems,
  })
