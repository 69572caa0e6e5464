import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'

const share = z.number().min(0).max(1)
const range = z.tuple([z.number().min(0), z.number().min(0)])
const weights = z.record(z.string(), z.number().min(0))

/** One kind of honest people. Ranges are drawn once per person; shares are per sign-in where they say so. */
const Kind = z.strictObject({
  name: z.string(),
  count: z.int().min(1),
  signInsPerWeek: range,
  /** Peaks of the day in local time. */
  hours: z.array(z.strictObject({ at: z.number(), spread: z.number(), weight: z.number() })).min(1),
  weekendShare: share.default(0.6),
  devices: z.array(z.enum(['computer', 'phone', 'work-computer'])).min(1),
  /** Where a sign-in happens. */
  where: z.strictObject({
    home: z.number().default(0),
    mobile: z.number().default(0),
    office: z.number().default(0),
    elsewhere: z.number().default(0),
  }),
  /** Days between changes of the address at home: most lines get a new one, some of them every night. */
  homeLeaseDays: range.default([1, 60]),
  ipv6Share: share.default(0.4),
  /** People behind one address of an office. */
  officeSize: range.default([20, 120]),
  /** A commercial VPN: on for that share of sign-ins, with exits in these countries. */
  vpn: z.strictObject({ share: range, countries: weights }).optional(),
  tripsPerYear: range.default([0, 2]),
  tripDays: range.default([2, 12]),
  /** Share of sign-ins in a private window. */
  privateShare: range.default([0, 0.02]),
  clearsCookiesEveryDays: range.default([120, 700]),
  newDevicesPerYear: range.default([0.2, 0.6]),
  switchesBrowserPerYear: range.default([0, 0.3]),
  movesPerYear: range.default([0, 0.15]),
  /** Wrong passwords before the right one, on average. */
  typos: range.default([0.02, 0.15]),
  resetsPerYear: range.default([0, 1]),
})
export type Kind = z.infer<typeof Kind>

/** One kind of attack, made of campaigns. */
const Attack = z.strictObject({
  name: z.string(),
  kind: z.enum(['stuffing', 'spray', 'theft']),
  campaigns: z.int().min(1),
  /** Takeovers a campaign gets: right passwords among what it tries. */
  takeovers: range,
  /** Tries with a wrong password or an unknown name for each that is right. */
  missesPerHit: range,
  /** How long a campaign lasts. */
  hours: range,
  /** Addresses that a campaign comes from. */
  addresses: range,
  network: z.strictObject({
    hosting: z.number().default(0),
    proxy: z.number().default(0),
    mobile: z.number().default(0),
  }),
  /** Share of campaigns that come from the victim's own country. */
  homeCountryShare: share,
  /** How the attacker's program looks. `browser`: a real one, or made to look like one in every header. */
  looks: z.strictObject({
    script: z.number().default(0),
    stale: z.number().default(0),
    browser: z.number().default(0),
  }),
  /** Share that sends the victim's language, and looks like the victim's own browser (theft). */
  languageShare: share.default(0),
  imitatesShare: share.default(0),
  /** Share that has the victim's device cookie (stolen from the browser by malware). */
  cookieShare: share.default(0),
  /** Share whose address is on a published list of bad networks. */
  listedShare: share.default(0),
})
export type Attack = z.infer<typeof Attack>

const Scenario = z.strictObject({
  note: z.string(),
  days: z.int().min(30).max(730),
  /** Where people live. */
  countries: weights,
  people: z.array(Kind).min(1),
  attacks: z.array(Attack).min(1),
})
export type Scenario = z.infer<typeof Scenario> & { name: string }

export type SetName = 'tuning' | 'hold-out'

const FOLDER = join(import.meta.dirname, 'scenarios')

/** All scenarios of a set, by name. What is in one folder is never read for the other. */
export const readScenarios = (set: SetName): Scenario[] =>
  globSync('*.json', { cwd: join(FOLDER, set) })
    .sort()
    .map((file) => ({
      name: basename(file, '.json'),
      ...Scenario.parse(JSON.parse(readFileSync(join(FOLDER, set, file), 'utf8'))),
    }))
