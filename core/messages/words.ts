import { IntlMessageFormat } from 'intl-messageformat'
import ar from '#locales/mail.ar.json' with { type: 'json' }
import de from '#locales/mail.de.json' with { type: 'json' }
import en from '#locales/mail.en.json' with { type: 'json' }
import { directionOf, type Locale } from '../shared/locales.ts'

type Catalogue = typeof en
type Keys<T> = { [K in keyof T & string]: `${K}.${keyof T[K] & string}` }[keyof T & string]
/** English is the source: a key that it lacks does not compile, and a language that lacks one of its keys neither. */
export type WordKey = Keys<Catalogue>
export type Words = (key: WordKey, values?: Readonly<Record<string, string>>) => string

const CATALOGUES: Record<Locale, Catalogue> = { en, de, ar }

/** First strong isolate and its end (Unicode UAX #9 §2.4): a Latin name inside an Arabic sentence keeps its own direction. */
const isolated = (value: string): string => `\u2068${value}\u2069`

/** A grouped code carries its own separator and stands first in a subject; by the others a sentence is chosen. */
const UNMARKED: ReadonlySet<string> = new Set(['code', 'factor', 'attribute'])

const compiled = new Map<string, IntlMessageFormat>()

const formatOf = (locale: Locale, key: WordKey): IntlMessageFormat => {
  const name = `${locale}:${key}`
  const known = compiled.get(name)
  if (known) return known
  const [section, entry] = key.split('.') as [keyof Catalogue, never]
  // ignoreTag: a "<" is text. What a message says becomes HTML in one place, escaped.
  const format = new IntlMessageFormat(CATALOGUES[locale][section][entry], locale, undefined, { ignoreTag: true })
  compiled.set(name, format)
  return format
}

/**
 * The words of messages in one language, as plain text. Throws when a value that the sentence needs is absent: a message
 * with a hole in it must not be sent. `plain` leaves out the direction marks, which cost characters in an SMS.
 */
export const wordsIn = (locale: Locale, { plain = false } = {}): Words => {
  const marks = directionOf(locale) === 'rtl' && !plain
  return (key, values = {}) => {
    const entries = Object.entries(values).map(([name, value]) => [
      name,
      marks && !UNMARKED.has(name) ? isolated(value) : value,
    ])
    return String(formatOf(locale, key).format(Object.fromEntries(entries)))
  }
}

/**
 * Six digits in two groups. A no-break space in right-to-left text: between numbers it counts as part of them (UAX #9,
 * class CS), where an ordinary space would swap the groups.
 */
export const groupedCode = (code: string, locale: Locale): string =>
  /^\d{6}$/.test(code) ? `${code.slice(0, 3)}${directionOf(locale) === 'rtl' ? '\u00a0' : ' '}${code.slice(3)}` : code

/** "15 minutes", "2 hours", "7 days" in the language: the largest unit that divides evenly. */
export const durationIn = (locale: Locale, minutes: number): string => {
  const [unit, size] =
    minutes % 1440 === 0
      ? (['day', 1440] as const)
      : minutes % 60 === 0
        ? (['hour', 60] as const)
        : (['minute', 1] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(minutes / size)
}

/** Date, time and zone. UTC: where the reader is, is not known. */
export const momentIn = (locale: Locale, at: Date): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`
