import { bestLocale, DEFAULT_LOCALE, type Locale } from '#core/shared/locales.ts'
import { LANGUAGE_COOKIE, readCookie } from './cookies.ts'

/** Values of a parameter that holds several, separated by blanks (RFC 6749 §3.3). */
export const words = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : []

/** RFC 9110 §12.5.4, by weight. */
const acceptedLanguages = (header: string | undefined): string[] =>
  (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(/;\s*q=/)
      return { tag, weight: quality === undefined ? 1 : Number(quality) || 0 }
    })
    .filter(({ weight, tag }) => weight > 0 && tag !== '*')
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)

/** Cognito's `lang`, then OIDC's `ui_locales`, the choice made on a page, the browser, the pool. */
export const chooseLocale = (
  asked: { lang?: unknown; ui_locales?: unknown },
  headers: { cookie?: string | undefined; 'accept-language'?: string | undefined },
  poolDefault: string,
): Locale =>
  bestLocale([
    ...words(asked.lang),
    ...words(asked.ui_locales),
    ...words(readCookie(headers.cookie, LANGUAGE_COOKIE)),
    ...acceptedLanguages(headers['accept-language']),
    poolDefault,
  ]) ?? DEFAULT_LOCALE
