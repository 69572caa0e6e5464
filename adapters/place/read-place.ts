import type { Place } from '#core/risk/facts.ts'

const COUNTRY = /^[A-Z]{2}$/
/** Longer ones are no names of cities. */
const LONGEST_NAME = 80

const objectAt = (record: unknown, key: string): unknown =>
  typeof record === 'object' && record !== null ? (record as Record<string, unknown>)[key] : undefined

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LONGEST_NAME) : null

/** Some files hold numbers as text. Null and empty text are no zero. */
const numberOf = (value: unknown, most: number): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && Math.abs(number) <= most ? number : null
}

const countryOf = (record: unknown): string | null => {
  const country = objectAt(record, 'country')
  const code =
    objectAt(record, 'country_code') ??
    objectAt(country, 'iso_code') ??
    objectAt(objectAt(record, 'registered_country'), 'iso_code') ??
    country
  const text = textOf(code)?.toUpperCase()
  // User-assigned codes that data sets use for "unknown" and for anonymous networks (ISO 3166-1 §8.1.3).
  return text !== undefined && COUNTRY.test(text) && !/^(?:ZZ|X[A-JL-Z]|Q[M-Z]|AA|A[12])$/.test(text) ? text : null
}

/**
 * A record of a file of MaxMind's format as a place. Reads the nested shape of GeoLite2 and DB-IP (`country.iso_code`,
 * `city.names.en`, `location`) and the flat one (`country_code`, `city`, `latitude`). Null without a country.
 */
export const readPlace = (record: unknown): Place | null => {
  const country = countryOf(record)
  if (country === null) return null
  const location = objectAt(record, 'location')
  const city = objectAt(record, 'city')
  const lat = numberOf(objectAt(location, 'latitude') ?? objectAt(record, 'latitude'), 90)
  const lon = numberOf(objectAt(location, 'longitude') ?? objectAt(record, 'longitude'), 180)
  const hasPoint = lat !== null && lon !== null
  const cityName = textOf(objectAt(objectAt(city, 'names'), 'en') ?? city)
  const accuracyKm = numberOf(objectAt(location, 'accuracy_radius'), 20_000)
  // A record without a city puts its point in the middle of the country, with a radius or without one.
  const isExact = hasPoint && (cityName !== null || accuracyKm !== null)
  return {
    country,
    city: cityName,
    lat: isExact ? lat : null,
    lon: isExact ? lon : null,
    accuracyKm: isExact ? accuracyKm : null,
  }
}
