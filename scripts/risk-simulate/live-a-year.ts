import { type Attempt, DAY, HOUR, type Person } from './attempt.ts'
import { type Browser, type DeviceKind, headersOf, someBrowser } from './browsers.ts'
import type { Chance } from './chance.ts'
import type { Kind } from './scenario.ts'
import { type Office, whereaboutsOf } from './whereabouts.ts'
import { countryOf } from './world.ts'

interface OwnDevice {
  kind: DeviceKind
  browser: Browser
  language: string
  stripsHints: boolean
  replaceAt: number
  switchBrowserAt: number
  clearCookiesAt: number
  /** Counts up whenever the cookies go. */
  jar: number
}

const perYear = (rate: number, chance: Chance): number => (rate === 0 ? Infinity : chance.wait(365 / rate) * DAY)

/** Hours of the person's own day at which they sign in, for one day. */
const hourOf = (kind: Kind, chance: Chance): number => {
  const total = kind.hours.reduce((sum, { weight }) => sum + weight, 0)
  let left = chance.next() * total
  const peak = kind.hours.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  return (((peak ? chance.normal(peak.at, peak.spread) : chance.between(0, 24)) % 24) + 24) % 24
}

/** All sign-ins of one honest person, from the day they join to the last. */
export const liveAYear = (
  kind: Kind,
  person: Person,
  office: Office | null,
  days: number,
  chance: Chance,
): Attempt[] => {
  const rate = chance.between(...kind.signInsPerWeek) / 7
  const privateShare = chance.between(...kind.privateShare)
  const clearsEvery = chance.between(...kind.clearsCookiesEveryDays)
  const newDevices = chance.between(...kind.newDevicesPerYear)
  const switches = chance.between(...kind.switchesBrowserPerYear)
  const typos = chance.between(...kind.typos)
  const resets = chance.between(...kind.resetsPerYear)
  const where = whereaboutsOf(kind, person.country, office, days, chance.branch())
  const language = () => (chance.is(0.1) ? 'en' : person.language)
  const devices: OwnDevice[] = kind.devices.map((device) => ({
    kind: device,
    browser: someBrowser(device, chance),
    language: language(),
    stripsHints: chance.is(0.01),
    replaceAt: perYear(newDevices, chance),
    switchBrowserAt: perYear(switches, chance),
    clearCookiesAt: chance.wait(clearsEvery) * DAY,
    jar: 0,
  }))

  const keepUp = (device: OwnDevice, time: number): void => {
    if (time >= device.replaceAt) {
      Object.assign(device, {
        // People mostly stay with the make they know.
        browser: chance.is(0.8) ? device.browser : someBrowser(device.kind, chance),
        language: chance.is(0.95) ? device.language : language(),
        replaceAt: time + perYear(newDevices, chance),
        jar: device.jar + 1,
      })
    }
    if (time >= device.switchBrowserAt) {
      Object.assign(device, {
        browser: someBrowser(device.kind, chance),
        switchBrowserAt: time + perYear(switches, chance),
        jar: device.jar + 1,
      })
    }
    if (time >= device.clearCookiesAt) {
      device.clearCookiesAt = time + chance.wait(clearsEvery) * DAY
      device.jar += 1
    }
  }

  const attempts: Attempt[] = []
  let resetAt = perYear(resets, chance)
  let credentialChangedAt: number | null = null
  const joined = chance.between(0, 0.5) * days
  for (let day = Math.floor(joined); day < days; day += 1) {
    const isWeekend = day % 7 >= 5
    const times = Array.from({ length: chance.poisson(rate * (isWeekend ? kind.weekendShare : 1)) }, () =>
      hourOf(kind, chance),
    )
    for (const hour of times.sort((a, b) => a - b)) {
      const here = where.countryAt(day * DAY + hour * HOUR)
      if (here === null) continue
      const time = day * DAY + (hour - countryOf(here).offset) * HOUR
      const device = chance.pick(
        devices.filter((each) => !isWeekend || each.kind !== 'work-computer' || devices.length === 1),
      )
      keepUp(device, time)
      if (time >= resetAt) {
        credentialChangedAt = time - 5 * 60_000
        resetAt = time + perYear(resets, chance)
      }
      const isPrivate = chance.is(privateShare)
      attempts.push({
        time,
        person,
        request: {
          ip: where.addressAt(time, device.kind === 'phone'),
          ...headersOf(device.browser, day, device.language, device.stripsHints),
          isSecure: true,
        },
        jar: isPrivate ? null : `${person.id} ${devices.indexOf(device)} ${device.jar}`,
        misses: chance.poisson(typos),
        attack: null,
        credentialChangedAt,
        isListed: false,
      })
    }
  }
  return attempts
}
