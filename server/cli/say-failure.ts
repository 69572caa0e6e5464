import { IntlMessageFormat } from 'intl-messageformat'
import { FAILURES } from '#core/shared/failures.ts'
import type { Failure } from '#core/shared/result.ts'
import en from '#locales/en.json' with { type: 'json' }

const wordsAt = (path: string): string => {
  const found = path
    .split('.')
    .reduce<unknown>(
      (node, name) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined),
      en.message,
    )
  return typeof found === 'string' ? found : ''
}

/** The catalogue speaks to the person who signs in; what it cannot fill in for an administrator is told by the code alone. */
const sentence = ({ code, field, params }: Failure): string => {
  const text = wordsAt(FAILURES[code].message)
  try {
    return String(new IntlMessageFormat(text, 'en').format({ attribute: field ?? '', kind: 'other', ...params }))
  } catch {
    return ''
  }
}

/** A refusal for an administrator: the code to search for, what it means, and everything that is wrong. */
export const sayFailure = (failure: Failure): string[] => {
  const { code, field, problems = [], because } = failure
  const head = `${code}${field === undefined || field === '' ? '' : ` (${field})`}: ${sentence(failure)}`.trim()
  if (problems.length > 0)
    return [`${code}:`, ...problems.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`)]
  return because === undefined ? [head] : [head, `  ${because}`]
}
