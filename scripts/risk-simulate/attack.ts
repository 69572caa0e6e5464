import { type Attempt, DAY, HOUR, type Miss, type Person } from './attempt.ts'
import { type Browser, headersOf, scriptHeaders, someBrowser, staleHeaders } from './browsers.ts'
import type { Chance } from './chance.ts'
import type { Attack } from './scenario.ts'
import { addressIn, type LineKind, providersOf, regionOf } from './world.ts'

const LINES: Record<keyof Attack['network'], LineKind> = { hosting: 'hosting', proxy: 'home', mobile: 'mobile' }

/** Where hosting is cheap and proxies are many. */
const ORIGINS: Record<string, number> = {
  US: 20,
  NL: 10,
  DE: 8,
  FR: 8,
  RU: 10,
  BR: 10,
  IN: 10,
  VN: 8,
  ID: 8,
  CN: 6,
  SG: 5,
  UA: 5,
  NG: 4,
}

/** What is known of the victim's own browser: enough to look like it. */
export interface Target {
  person: Person
  browser: Browser
  /** Jars of the person's devices that are in use at a time. */
  jarAt(time: number): string | null
  joined: number
}

interface Campaign {
  addresses: string[]
  listed: ReadonlySet<string>
  headers(target: Target | null, day: number): Attempt['request']
}

const campaignOf = (attack: Attack, home: string, count: number, chance: Chance): Campaign => {
  const looks = chance.weighted(attack.looks)
  const line = LINES[chance.weighted(attack.network)]
  const country = chance.is(attack.homeCountryShare) ? home : chance.weighted(ORIGINS)
  const addresses = Array.from({ length: count }, () => {
    const provider = chance.pick(providersOf(country, line))
    return addressIn(
      line === 'hosting' ? regionOf(provider, chance, 2) : regionOf(provider, chance, provider.blocks),
      chance,
    )
  })
  const browser = someBrowser('computer', chance)
  const speaksVictims = chance.is(attack.languageShare)
  return {
    addresses,
    listed: new Set(addresses.filter(() => chance.is(attack.listedShare))),
    headers(target, day) {
      const imitates = target !== null && chance.is(attack.imitatesShare)
      const language = speaksVictims && target !== null ? target.person.language : 'en'
      const sent =
        looks === 'script'
          ? scriptHeaders(chance)
          : looks === 'stale'
            ? staleHeaders(chance)
            : headersOf(imitates ? target.browser : browser, day, language)
      return { ip: null, ...sent, isSecure: true }
    },
  }
}

/** Takeovers come out of `takeovers` of the victims in the second half of the time; everything else is wrong passwords. */
const runCampaign = (
  attack: Attack,
  targets: readonly Target[],
  days: number,
  chance: Chance,
): { attempts: Attempt[]; misses: Miss[] } => {
  const hours = chance.between(...attack.hours)
  const start = chance.between(days * 0.35, Math.max(days * 0.36, days - hours / 24)) * DAY
  const joined = targets.filter((target) => target.joined < start)
  const takeovers = Math.min(joined.length, chance.whole(...attack.takeovers))
  const home = chance.pick(joined.length > 0 ? joined : targets).person.country
  const campaign = campaignOf(attack, home, chance.whole(...attack.addresses), chance)
  const victims = new Set<Target>()
  const pool = attack.homeCountryShare > 0.5 ? joined.filter(({ person }) => person.country === home) : joined
  for (let tries = 0; victims.size < Math.min(takeovers, pool.length) && tries < 1000; tries += 1)
    victims.add(chance.pick(pool))

  const attempts: Attempt[] = []
  const misses: Miss[] = []
  for (const target of victims) {
    const time = start + chance.between(0, hours) * HOUR
    const ip = chance.pick(campaign.addresses)
    const hasCookie = chance.is(attack.cookieShare)
    attempts.push({
      time,
      person: target.person,
      request: { ...campaign.headers(target, Math.floor(time / DAY)), ip },
      jar: hasCookie ? target.jarAt(time) : null,
      misses: attack.kind === 'theft' && chance.is(0.2) ? 1 : 0,
      attack: { name: attack.name, kind: attack.kind },
      credentialChangedAt: null,
      isListed: campaign.listed.has(ip),
    })
  }
  const missCount = Math.round(victims.size * chance.between(...attack.missesPerHit))
  for (let nth = 0; nth < missCount; nth += 1) {
    // A spray knows who has an account; a leaked list mostly names people who have none here.
    const isReal = attack.kind === 'spray' || chance.is(0.3)
    misses.push({
      time: start + chance.between(0, hours) * HOUR,
      account: isReal && joined.length > 0 ? chance.pick(joined).person.id : `nobody ${chance.whole(0, 1e9)}`,
      ip: chance.pick(campaign.addresses),
    })
  }
  return { attempts, misses }
}

export const runAttacks = (attacks: readonly Attack[], targets: readonly Target[], days: number, chance: Chance) => {
  const all = attacks.flatMap((attack) => {
    const own = chance.branch()
    return Array.from({ length: attack.campaigns }, () => runCampaign(attack, targets, days, own.branch()))
  })
  return { attempts: all.flatMap(({ attempts }) => attempts), misses: all.flatMap(({ misses }) => misses) }
}
