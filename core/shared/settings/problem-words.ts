import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
}
const FORMATS: Readonly<Record<string, string>> = {
  url: 'an address such as https://example.com/',
  email: 'an e-mail address',
}

const plural = (count: number | bigint, one: string): string => `${count} ${one}${Number(count) === 1 ? '' : 's'}`

const limit = (word: 'at least' | 'at most', origin: string, bound: number | bigint, inclusive: boolean): string => {
  if (origin === 'string')
    return word === 'at least' && Number(bound) === 1
      ? 'must not be empty'
      : `must have ${word} ${plural(bound, 'character')}`
  if (origin === 'array' || origin === 'set')
    return `must have ${word} ${Number(bound) === 1 ? '1 entry' : `${bound} entries`}`
  return inclusive ? `must be ${word} ${bound}` : `must be ${word === 'at least' ? 'more' : 'less'} than ${bound}`
}

/**
 * What a setting has to be, for whoever wrote it, where its schema has no words of its own. The value is not repeated.
 * Undefined: the validator's own words.
 */
export const problemWords = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'too_small':
      return limit('at least', issue.origin, issue.minimum, issue.inclusive ?? true)
    case 'too_big':
      return limit('at most', issue.origin, issue.maximum, issue.inclusive ?? true)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_format':
      if (FORMATS[issue.format] !== undefined) return `must be ${FORMATS[issue.format]}`
      return issue.pattern === undefined ? 'is not of the form it needs' : `must match ${issue.pattern}`
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? `must be one of ${issue.options.join(', ')}`
        : issue.input === undefined
          ? 'is missing'
          : 'is of none of the forms it can have'
    case 'invalid_key':
      return 'this name is not allowed'
    default:
      return undefined
  }
}
