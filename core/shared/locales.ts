/** Languages that ship complete. The tag is BCP 47; the name is the language's own. */
export const LOCALES = [
  { tag: 'en', name: 'English', dir: 'ltr' },
  { tag: 'de', name: 'Deutsch', dir: 'ltr' },
  { tag: 'ar', name: 'العربية', dir: 'rtl' },
] as const

export type Locale = (typeof LOCALES)[number]['tag']
export type Direction = 'ltr' | 'rtl'

export const DEFAULT_LOCALE: Locale = 'en'

/** Which way a language is written. */
export const directionOf = (tag: Locale): Direction => LOCALES.find((locale) => locale.tag === tag)?.dir ?? 'ltr'

/** First of the wanted tags that ships: exact, then by primary language (`de-AT` → `de`). RFC 4647 §3.4 lookup. */
export const bestLocale = (wanted: readonly string[]): Locale | null => {
  for (const tag of wanted) {
    const lower = tag.trim().toLowerCase()
    const found =
      LOCALES.find((locale) => locale.tag.toLowerCase() === lower) ??
      LOCALES.find((locale) => locale.tag.split('-')[0] === lower.split('-')[0])
    if (found) return found.tag
  }
  return null
}
