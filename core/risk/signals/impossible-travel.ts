import { leastDistanceKm } from '../distance.ts'
import { networkKeysOf } from '../network-keys.ts'
import { knows } from '../profile.ts'
import { ramp, type Signal, tells } from '../signal.ts'

/** Airliners fly 900 km/h from door to door at the very best. */
const POSSIBLE_KMH = 900
const CERTAIN_KMH = 2700
/** Addresses are placed that badly even by good data. */
const LEAST_KM = 250
/** Clocks of two servers differ; more than that and times cannot be compared. */
const MOST_CLOCK_SKEW_SECONDS = 300
/** The person's own VPN, or their office's, ends abroad: a network that is known jumps as it always does. */
const KNOWN_NETWORK = 0.2
const KNOWN_DEVICE = 0.4

/** Too far from the last sign-in for the time between. Countries alone give the least distance that is possible. */
export const impossibleTravel: Signal = ({ request, profile, device }) => {
  const { place, at, ip } = request
  const { last } = profile
  if (place === null || last === null) return null
  const seconds = at.getTime() / 1000 - last.at
  if (seconds < -MOST_CLOCK_SKEW_SECONDS) return null
  const km = leastDistanceKm(last, place)
  if (km === null || km < LEAST_KM) return null
  const speed = km / (Math.max(seconds, 60) / 3600)
  const keys = networkKeysOf(ip)
  const excuse =
    (keys !== null && knows(profile.near, keys.near) ? KNOWN_NETWORK : 1) * (device === null ? 1 : KNOWN_DEVICE)
  return tells(ramp(speed, POSSIBLE_KMH, CERTAIN_KMH) * excuse, 'impossibleTravel', {
    country: place.country,
    from: last.country,
    km: Math.round(km),
    minutes: Math.max(0, Math.round(seconds / 60)),
  })
}
