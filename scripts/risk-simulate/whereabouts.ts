import { DAY, HOUR } from './attempt.ts'
import type { Chance } from './chance.ts'
import type { Kind } from './scenario.ts'
import {
  addressIn,
  COUNTRIES,
  countryOf,
  ipv6Host,
  ipv6Prefix,
  neighbourOf,
  type Provider,
  providersOf,
  regionOf,
} from './world.ts'

export interface Office {
  country: string
  /** All of its people come from here. */
  address: string
}

interface Home {
  until: number
  provider: Provider
  region: number[]
  leaseDays: number
  /** The address and prefix of the moment. */
  lease: { until: number; ip: string; prefix: string }
}

interface Trip {
  from: number
  to: number
  country: string
  hotel: string
}

type Spot = 'home' | 'mobile' | 'office' | 'elsewhere'

const radians = (degrees: number): number => (degrees * Math.PI) / 180
const flightHours = (a: string, b: string): number => {
  const [from, to] = [countryOf(a).at, countryOf(b).at]
  const cosine =
    Math.sin(radians(from[0])) * Math.sin(radians(to[0])) +
    Math.cos(radians(from[0])) * Math.cos(radians(to[0])) * Math.cos(radians(to[1] - from[1]))
  return (6371 * Math.acos(Math.min(1, Math.max(-1, cosine)))) / 800 + 4
}

/** Most trips go next door; some go far. */
const NEAR = ['DE', 'AT', 'FR', 'NL', 'GB', 'ES', 'IT', 'PL', 'CH', 'PT']

const tripsOf = (kind: Kind, home: string, days: number, chance: Chance): Trip[] => {
  const perYear = chance.between(...kind.tripsPerYear)
  const trips: Trip[] = []
  let at = perYear === 0 ? Infinity : chance.wait(365 / perYear)
  while (at < days) {
    const others = (chance.is(0.7) ? NEAR : Object.keys(COUNTRIES)).filter((code) => code !== home)
    const country = chance.pick(others)
    const length = chance.between(...kind.tripDays)
    const hotel = addressIn(regionOf(chance.pick(providersOf(country, 'business')), chance, 4), chance)
    trips.push({ from: at * DAY, to: (at + length) * DAY, country, hotel })
    at += length + 2 + chance.wait(365 / perYear)
  }
  return trips
}

export interface Whereabouts {
  /** Country whose clock the person lives by; null while under way, when nobody signs in. */
  countryAt(time: number): string | null
  addressAt(time: number, isPhone: boolean): string
}

/** Where one person is and which address that gives them, sign-in by sign-in in the order of time. */
export const whereaboutsOf = (
  kind: Kind,
  country: string,
  office: Office | null,
  days: number,
  chance: Chance,
): Whereabouts => {
  const trips = tripsOf(kind, country, days, chance.branch())
  const carrier = chance.pick(providersOf(country, 'mobile'))
  const carrierBlocks = regionOf(carrier, chance, 3)
  const movesPerYear = chance.between(...kind.movesPerYear)
  const newHome = (time: number): Home => {
    const provider = chance.pick(providersOf(country, 'home'))
    return {
      until: movesPerYear === 0 ? Infinity : time + chance.wait(365 / movesPerYear) * DAY,
      provider,
      region: regionOf(provider, chance, 6),
      leaseDays: chance.between(...kind.homeLeaseDays),
      lease: { until: 0, ip: '', prefix: '' },
    }
  }
  let home = newHome(0)
  const vpnShare = kind.vpn === undefined ? 0 : chance.between(...kind.vpn.share)
  /** A VPN has some exits in each country and hands them out by load. */
  const exits = new Map(
    Object.keys(kind.vpn?.countries ?? {}).map((code) => {
      const region = regionOf(chance.pick(providersOf(code, 'hosting')), chance, 2)
      return [code, Array.from({ length: 8 }, () => addressIn(region, chance))]
    }),
  )
  const haunts = Array.from({ length: 6 }, () =>
    addressIn(regionOf(chance.pick(providersOf(country, 'business')), chance, 8), chance),
  )

  const tripAt = (time: number): Trip | null => trips.find((trip) => time >= trip.from && time < trip.to) ?? null

  const atHome = (time: number): string => {
    if (time >= home.until) home = newHome(time)
    if (time >= home.lease.until) {
      home.lease = {
        until: time + chance.between(0.6, 1.4) * home.leaseDays * DAY,
        ip: addressIn(home.region, chance),
        prefix: ipv6Prefix(home.provider, chance),
      }
    }
    return chance.is(kind.ipv6Share) ? ipv6Host(home.lease.prefix, chance) : home.lease.ip
  }
  const onMobile = (): string =>
    chance.is(kind.ipv6Share) ? ipv6Host(ipv6Prefix(carrier, chance), chance) : addressIn(carrierBlocks, chance)
  const elsewhere = (): string =>
    chance.is(0.7)
      ? chance.pick(haunts)
      : addressIn(regionOf(chance.pick(providersOf(country, chance.is(0.5) ? 'home' : 'business')), chance, 8), chance)

  return {
    countryAt(time) {
      const trip = tripAt(time)
      if (trip === null) return country
      const hours = flightHours(country, trip.country) * HOUR
      return time < trip.from + hours || time > trip.to - hours ? null : trip.country
    },
    addressAt(time, isPhone) {
      if (kind.vpn !== undefined && chance.is(vpnShare)) {
        return neighbourOf(chance.pick(exits.get(chance.weighted(kind.vpn.countries)) ?? []), chance)
      }
      const trip = tripAt(time)
      // A phone abroad comes out at its own carrier at home: roaming is routed back.
      if (trip !== null) return isPhone && chance.is(0.5) ? onMobile() : neighbourOf(trip.hotel, chance)
      const spot = chance.weighted<Spot>(kind.where)
      if (spot === 'office' && office !== null && !isPhone) return office.address
      if (spot === 'mobile' || (spot === 'office' && isPhone)) return onMobile()
      return spot === 'elsewhere' ? elsewhere() : atHome(time)
    },
  }
}
