import type { Locale } from './locales.ts'

/** `Oslo, Norway` in the reader's language; the city alone has no translation. Null where nothing is known. */
export const placeName = (place: { country: string; city: string | null } | null, locale: Locale): string | null => {
  if (place === null) return null
  // What is no code of ISO 3166-1 is shown as it is.
  const country = /^[A-Z]{2}$/.test(place.country)
    ? (new Intl.DisplayNames(locale, { type: 'region' }).of(place.country) ?? place.country)
    : place.country
  return [place.city ?? '', country].filter((part) => part !== '').join(locale.startsWith('ar') ? '، ' : ', ') || null
}
