import circles from './country-circles.json' with { type: 'json' }

/** Latitude and longitude of the middle in degrees, radius in kilometres. */
export type Circle = readonly [lat: number, lon: number, radiusKm: number]

/**
 * Circles that hold a country, by ISO 3166-1 alpha-2; one for each part that lies far from the others (Alaska, the Azores).
 * Computed from the outlines of Natural Earth, which are in the public domain.
 */
export const COUNTRY_CIRCLES: Readonly<Record<string, readonly Circle[]>> = circles as unknown as Record<
  string,
  readonly Circle[] // JSON knows no tuples; a test holds every entry to the shape
>
