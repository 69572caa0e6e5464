import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Reader, type Response } from 'mmdb-lib'
import type { Place } from '#core/risk/facts.ts'
import type { PlaceFinder } from '#core/risk/ports.ts'
import { parseIp } from '#core/shared/ip-address.ts'
import { isPublicAddress } from './public-address.ts'
import { readPlace } from './read-place.ts'

/** Which country an address is in, for all of IPv4 and IPv6; the package's own terms are in docs/risk.md. */
const SHIPPED = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'

const shippedFile = (): string => createRequire(import.meta.url).resolve(SHIPPED)

/**
 * Places from a file of MaxMind's format: the one that ships (countries alone, 8 MB), or the operator's own, such as GeoLite2
 * City or DB-IP City Lite. The file is read when the first address is asked for and stays in memory in its own size, plus the
 * answers that were decoded (at most 4,096).
 *
 * Throws at the first look-up when the file is missing or is no such file: `load` at start says so early.
 */
export const mmdbPlaces = (file: string | null): PlaceFinder & { load(): void } => {
  let reader: Reader<Response> | null = null
  const open = (): Reader<Response> => {
    reader ??= new Reader<Response>(readFileSync(file ?? shippedFile()), { cache: boundedCache(4096) })
    return reader
  }
  return {
    load: () => void open(),
    find(ip): Place | null {
      const address = parseIp(ip)
      if (address === null || !isPublicAddress(address)) return null
      const database = open()
      // The tree of a file for IPv4 alone would be walked with the first bits of an IPv6 address, and find something.
      if (address.version === 6 && database.metadata.ipVersion === 4) return null
      return readPlace(database.get(plain(ip)))
    },
  }
}

/** An IPv4 address in IPv6's clothes is looked up as what it is; zones mean nothing to the reader. */
const plain = (ip: string): string => {
  const address = parseIp(ip)
  if (address?.version !== 4) return ip.split('%')[0] ?? ip
  return [24n, 16n, 8n, 0n].map((shift) => (address.value >> shift) & 255n).join('.')
}

/** Decoded records by their offset. Forgets all at once when full: cheap, and offsets that matter come back at once. */
const boundedCache = (most: number) => {
  const kept = new Map<string | number, unknown>()
  return {
    get: (key: string | number) => kept.get(key),
    set: (key: string | number, value: unknown) => {
      if (kept.size >= most) kept.clear()
      kept.set(key, value)
    },
  }
}
