import { IntlMessageFormat } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode } from 'react'
import type { Locale } from '#core/shared/locales.ts'
import ar from '#locales/ar.json' with { type: 'json' }
import de from '#locales/de.json' with { type: 'json' }
import en from '#locales/en.json' with { type: 'json' }

/** Paths of the leaves of a catalogue, joined by dots: `signIn.title`. */
type KeysOf<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : KeysOf<T[K], `${Prefix}${K}.`>
}[keyof T & string]

/** Every sentence of the pages. English is the source: a key that is not in `locales/en.json` does not compile. */
export type MessageKey = KeysOf<typeof en>

/** Keys below one group, without the group's name: `KeyBelow<'notice'>`. */
export type KeyBelow<Group extends string> = MessageKey extends infer K
  ? K extends `${Group}.${infer Rest}`
    ? Rest
    : never
  : never

export type Params = Readonly<Record<string, string | number>>
export type RichParams = Readonly<Record<string, ReactNode>>

export interface Translator {
  (key: MessageKey, params?: Params): string
  /** As the plain call, with elements in place of some placeholders: names in `<bdi>`, links inside a sentence. */
  rich: (key: MessageKey, params: RichParams) => ReactNode[]
  /** Whether a key that came from outside (a failure, a notice) is in the catalogue. */
  has: (key: string) => key is MessageKey
  /** "a capital letter and a number", as the language joins them. */
  list: (items: readonly string[]) => string
  /** "Google or GitHub". */
  oneOf: (items: readonly string[]) => string
  locale: Locale
}

const flatten = (tree: object, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  )

const CATALOGUES: Readonly<Record<Locale, ReadonlyMap<string, string>>> = {
  en: new Map(flatten(en)),
  de: new Map(flatten(de)),
  ar: new Map(flatten(ar)),
}

/** Codes and addresses are written with European digits in every language, so the numbers around them are too. */
const formattingTag = (locale: Locale) => `${locale}-u-nu-latn`

type Sentence = (key: MessageKey) => IntlMessageFormat

const spokenIn =
  (locale: Locale): Sentence =>
  (key) =>
    new IntlMessageFormat(
      CATALOGUES[locale].get(key) ?? CATALOGUES.en.get(key) ?? key,
      formattingTag(locale),
      undefined,
      {
        ignoreTag: true,
      },
    )

const makeTranslator = (locale: Locale, sentence: Sentence): Translator => {
  const compiled = new Map<MessageKey, IntlMessageFormat>()
  const messageOf = (key: MessageKey): IntlMessageFormat => {
    const message = compiled.get(key) ?? sentence(key)
    compiled.set(key, message)
    return message
  }
  const rich = (key: MessageKey, params: RichParams): ReactNode[] =>
    messageOf(key)
      .formatToParts<ReactNode>(params as Record<string, string | number>)
      .map((part, index) => createElement(Fragment, { key: index }, part.value as ReactNode))
  const plain = (key: MessageKey, params: Params = {}): string => messageOf(key).format(params) as string
  return Object.assign(plain, {
    rich,
    has: (key: string): key is MessageKey => CATALOGUES.en.has(key),
    list: (items: readonly string[]) => new Intl.ListFormat(formattingTag(locale)).format(items),
    oneOf: (items: readonly string[]) =>
      new Intl.ListFormat(formattingTag(locale), { type: 'disjunction' }).format(items),
    locale,
  })
}

const translators = new Map<Locale, Translator>()

/** The translator of one language. Sentences are parsed once per process, when first said. */
export const translatorOf = (locale: Locale): Translator => {
  const translator = translators.get(locale) ?? makeTranslator(locale, spokenIn(locale))
  translators.set(locale, translator)
  return translator
}

/** For the preview: a language made of English. */
export const lendTranslator = (locale: Locale, sentence: (english: string) => IntlMessageFormat): void => {
  if (!translators.has(locale))
    translators.set(
      locale,
      makeTranslator(locale, (key) => sentence(CATALOGUES.en.get(key) ?? key)),
    )
}
