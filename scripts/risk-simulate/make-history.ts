import { runAttacks, type Target } from './attack.ts'
import type { Attempt, History, Person } from './attempt.ts'
import { type Browser, someBrowser } from './browsers.ts'
import { type Chance, chanceOf } from './chance.ts'
import { liveAYear } from './live-a-year.ts'
import type { Kind, Scenario } from './scenario.ts'
import type { Office } from './whereabouts.ts'
import { addressIn, countryOf, providersOf, regionOf } from './world.ts'

const newOffice = (country: string, chance: Chance): Office => ({
  country,
  address: addressIn(regionOf(chance.pick(providersOf(country, 'business')), chance, 2), chance),
})

/** People of a kind share offices; each office is in the country of those who work there. */
const officesFor = (kind: Kind, chance: Chance) => {
  const open = new Map<string, { office: Office; left: number }>()
  return (country: string): Office | null => {
    if (kind.where.office === 0) return null
    const known = open.get(country)
    if (known !== undefined && known.left > 0) {
      known.left -= 1
      return known.office
    }
    const office = newOffice(country, chance)
    open.set(country, { office, left: chance.whole(...kind.officeSize) })
    return office
  }
}

const browserOf = (userAgent: string | null): Browser | null => {
  const text = userAgent ?? ''
  if (text.includes('Edg/')) return 'edge-windows'
  if (text.includes('SamsungBrowser')) return 'samsung-android'
  if (text.includes('Firefox')) return text.includes('Linux') ? 'firefox-linux' : 'firefox-windows'
  if (text.includes('iPhone')) return 'safari-iphone'
  if (text.includes('Chrome')) {
    return text.includes('Android') ? 'chrome-android' : text.includes('Mac') ? 'chrome-mac' : 'chrome-windows'
  }
  return text.includes('Version/') ? 'safari-mac' : null
}

const targetOf = (person: Person, lived: readonly Attempt[], chance: Chance): Target => ({
  person,
  browser: browserOf(chance.pick(lived).request.userAgent) ?? someBrowser('computer', chance),
  jarAt: (time) => lived.findLast((attempt) => attempt.time <= time && attempt.jar !== null)?.jar ?? null,
  joined: lived[0]?.time ?? 0,
})

/** Everything that happens in a scenario: honest people's sign-ins and the attacks among them, with the truth about each. */
export const makeHistory = (scenario: Scenario, seed: number, size = 1): History => {
  const chance = chanceOf(seed)
  const people: Person[] = []
  const targets: Target[] = []
  const attempts: Attempt[] = []
  for (const kind of scenario.people) {
    const own = chance.branch()
    const officeFor = officesFor(kind, own.branch())
    for (let nth = 0; nth < Math.max(1, Math.round(kind.count * size)); nth += 1) {
      const life = own.branch()
      const country = life.weighted(scenario.countries)
      const person: Person = {
        id: `${kind.name} ${nth}`,
        kind: kind.name,
        country,
        language: countryOf(country).language,
      }
      const lived = liveAYear(kind, person, officeFor(country), scenario.days, life)
      people.push(person)
      attempts.push(...lived)
      if (lived.length > 0) targets.push(targetOf(person, lived, life))
    }
  }
  const attacks = scenario.attacks.map((attack) => ({
    ...attack,
    campaigns: Math.max(1, Math.round(attack.campaigns * size)),
  }))
  const { attempts: taken, misses } = runAttacks(attacks, targets, scenario.days, chance.branch())
  return {
    scenario: scenario.name,
    people,
    attempts: [...attempts, ...taken].sort((a, b) => a.time - b.time),
    misses: misses.sort((a, b) => a.time - b.time),
  }
}
