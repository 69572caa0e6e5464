import { type Circle, COUNTRY_CIRCLES } from './country-circles.ts'

const EARTH_RADIUS_KM = 6371
/** Where the data places an address in a city and says nothing of how well. */
const USUAL_ACCURACY_KM = 50

type Placed = { country: string; lat: number | null; lon: number | null; accuracyKm: number | null }

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Great-circle distance (haversine). */
export const distanceKm = (lat1: number, lon1: number, lat2: number, lon2: number): number => {
  const half = (a: number, b: number) => Math.sin(radians(b - a) / 2) ** 2
  const h = half(lat1, lat2) + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * half(lon1, lon2)
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Circles in one of which the address is. */
const circlesOf = ({ country, lat, lon, accuracyKm }: Placed): readonly Circle[] =>
  lat === null || lon === null ? (COUNTRY_CIRCLES[country] ?? []) : [[lat, lon, accuracyKm ?? USUAL_ACCURACY_KM]]

/**
 * The least distance between two places that agrees with what is known of them: of two countries, the gap between the circles
 * that hold them; 0 within one country, unless both places are known better. Null for a country that is not in the table.
 */
export const leastDistanceKm = (a: Placed, b: Placed): number | null => {
  const isBetter = a.lat !== null && b.lat !== null
  if (a.country === b.country && !isBetter) return 0
  const [from, to] = [circlesOf(a), circlesOf(b)]
  if (from.length === 0 || to.length === 0) return null
  const gaps = from.flatMap(([lat1, lon1, r1]) =>
    to.map(([lat2, lon2, r2]) => Math.max(0, distanceKm(lat1, lon1, lat2, lon2) - r1 - r2)),
  )
  return Math.min(...gaps)
}
