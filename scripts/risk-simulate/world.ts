import type { Place } from '#core/risk/index.ts'
import type { Chance } from './chance.ts'

interface Country {
  /** Hours from UTC, without summer time: it moves everybody's hours alike. */
  offset: number
  language: string
  /** Place data puts some of a country's networks into this one. */
  mistakenFor: string
  /** Middle, for the time that travel takes. */
  at: readonly [lat: number, lon: number]
}

export const COUNTRIES: Readonly<Record<string, Country>> = {
  DE: { offset: 1, language: 'de', mistakenFor: 'AT', at: [51, 10] },
  AT: { offset: 1, language: 'de', mistakenFor: 'DE', at: [47, 14] },
  CH: { offset: 1, language: 'de', mistakenFor: 'FR', at: [47, 8] },
  FR: { offset: 1, language: 'fr', mistakenFor: 'BE', at: [47, 2] },
  BE: { offset: 1, language: 'fr', mistakenFor: 'NL', at: [51, 4] },
  NL: { offset: 1, language: 'nl', mistakenFor: 'DE', at: [52, 5] },
  GB: { offset: 0, language: 'en', mistakenFor: 'IE', at: [53, -2] },
  IE: { offset: 0, language: 'en', mistakenFor: 'GB', at: [53, -8] },
  ES: { offset: 1, language: 'es', mistakenFor: 'PT', at: [40, -4] },
  PT: { offset: 0, language: 'pt', mistakenFor: 'ES', at: [39, -8] },
  IT: { offset: 1, language: 'it', mistakenFor: 'CH', at: [43, 12] },
  PL: { offset: 1, language: 'pl', mistakenFor: 'DE', at: [52, 19] },
  SE: { offset: 1, language: 'sv', mistakenFor: 'NO', at: [60, 15] },
  NO: { offset: 1, language: 'nb', mistakenFor: 'SE', at: [61, 9] },
  US: { offset: -6, language: 'en', mistakenFor: 'CA', at: [40, -98] },
  CA: { offset: -5, language: 'en', mistakenFor: 'US', at: [45, -78] },
  BR: { offset: -3, language: 'pt', mistakenFor: 'AR', at: [-15, -50] },
  AR: { offset: -3, language: 'es', mistakenFor: 'BR', at: [-34, -60] },
  MX: { offset: -6, language: 'es', mistakenFor: 'US', at: [23, -102] },
  EG: { offset: 2, language: 'ar', mistakenFor: 'SA', at: [27, 30] },
  SA: { offset: 3, language: 'ar', mistakenFor: 'AE', at: [24, 45] },
  AE: { offset: 4, language: 'ar', mistakenFor: 'SA', at: [24, 54] },
  TR: { offset: 3, language: 'tr', mistakenFor: 'DE', at: [39, 35] },
  RU: { offset: 3, language: 'ru', mistakenFor: 'KZ', at: [56, 38] },
  UA: { offset: 2, language: 'uk', mistakenFor: 'PL', at: [49, 31] },
  IN: { offset: 5, language: 'en', mistakenFor: 'SG', at: [21, 78] },
  CN: { offset: 8, language: 'zh', mistakenFor: 'HK', at: [35, 105] },
  HK: { offset: 8, language: 'zh', mistakenFor: 'CN', at: [22, 114] },
  VN: { offset: 7, language: 'vi', mistakenFor: 'SG', at: [16, 106] },
  ID: { offset: 7, language: 'id', mistakenFor: 'SG', at: [-6, 107] },
  SG: { offset: 8, language: 'en', mistakenFor: 'HK', at: [1, 104] },
  JP: { offset: 9, language: 'ja', mistakenFor: 'SG', at: [36, 138] },
  AU: { offset: 10, language: 'en', mistakenFor: 'SG', at: [-34, 151] },
  NG: { offset: 1, language: 'en', mistakenFor: 'GB', at: [9, 8] },
  ZA: { offset: 2, language: 'en', mistakenFor: 'GB', at: [-29, 25] },
  KZ: { offset: 5, language: 'ru', mistakenFor: 'RU', at: [48, 67] },
}
const CODES = Object.keys(COUNTRIES)

export const countryOf = (code: string): Country => {
  const country = COUNTRIES[code]
  if (country === undefined) throw new Error(`no country ${code} in this world`)
  return country
}

export type LineKind = 'home' | 'mobile' | 'business' | 'hosting'

/** /16s of each provider: lines at home are many, a carrier's exits few. */
const BLOCKS = { home: 24, mobile: 5, business: 12, hosting: 10 } as const
const PROVIDERS = { home: 3, mobile: 3, business: 4, hosting: 4 } as const
const KINDS = Object.keys(BLOCKS) as LineKind[]

const PER_COUNTRY = KINDS.reduce((sum, kind) => sum + BLOCKS[kind] * PROVIDERS[kind], 0)
const FIRST_BLOCK = 11 * 256

/** One provider's range: so many /16s of IPv4 from the first on, and one /32 of IPv6. */
export interface Provider {
  country: string
  first: number
  blocks: number
}

export const providersOf = (country: string, kind: LineKind): Provider[] => {
  const index = CODES.indexOf(country)
  if (index < 0) throw new Error(`no country ${country} in this world`)
  const before = KINDS.slice(0, KINDS.indexOf(kind)).reduce((sum, each) => sum + BLOCKS[each] * PROVIDERS[each], 0)
  return Array.from({ length: PROVIDERS[kind] }, (_, nth) => ({
    country,
    first: FIRST_BLOCK + index * PER_COUNTRY + before + nth * BLOCKS[kind],
    blocks: BLOCKS[kind],
  }))
}

const text4 = (block: number, third: number, fourth: number): string =>
  `${block >> 8}.${block & 255}.${third}.${fourth}`

/** Blocks that a provider uses in one region: what somebody's line at home moves about in. */
export const regionOf = (provider: Provider, chance: Chance, size: number): number[] => {
  const start = chance.whole(0, provider.blocks - 1)
  return Array.from(
    { length: Math.min(size, provider.blocks) },
    (_, nth) => provider.first + ((start + nth) % provider.blocks),
  )
}

export const addressIn = (blocks: readonly number[], chance: Chance): string =>
  text4(chance.pick(blocks), chance.whole(0, 255), chance.whole(1, 254))

/** Another host of the same /24: shared exits of a VPN, a hotel, an office. */
export const neighbourOf = (address: string, chance: Chance): string =>
  address.replace(/\.\d+$/, `.${chance.whole(1, 254)}`)

const hex = (value: number): string => value.toString(16)

/** A /56 of the provider (a line at home), or a /64 anywhere in it (a phone), with a random host: privacy addresses. */
export const ipv6Prefix = (provider: Provider, chance: Chance): string =>
  `2a${hex(provider.first >> 8)}:${hex(provider.first & 255)}:${hex(chance.whole(0, 0xffff))}:${hex(chance.whole(0, 255))}`
export const ipv6Host = (prefix: string, chance: Chance): string =>
  `${prefix}${hex(chance.whole(0, 255)).padStart(2, '0')}:${Array.from({ length: 4 }, () => hex(chance.whole(0, 0xffff))).join(':')}`

const blockOf = (ip: string): number => {
  if (ip.includes(':')) {
    const [first = '', second = ''] = ip.split(':')
    return (Number.parseInt(first.slice(2), 16) << 8) | Number.parseInt(second, 16)
  }
  const [a, b] = ip.split('.').map(Number)
  return ((a ?? 0) << 8) | (b ?? 0)
}

/** One network in so many is placed in a neighbouring country by the data. */
const MISPLACED = 250

const isMisplaced = (ip: string): boolean => {
  const part = ip.split(/[.:]/).slice(0, 3).join('.')
  let mixed = 0
  for (const char of part) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193)
  return (mixed >>> 0) % MISPLACED === 0
}

/** What a country database says of an address, mistakes included. */
export const placeOf = (ip: string | null): Place | null => {
  if (ip === null) return null
  const code = CODES[Math.floor((blockOf(ip) - FIRST_BLOCK) / PER_COUNTRY)]
  if (code === undefined) return null
  const country = isMisplaced(ip) ? countryOf(code).mistakenFor : code
  return { country, city: null, lat: null, lon: null, accuracyKm: null }
}
