/** Measures what judging a sign-in costs: `npm run bench:risk -- --help`. */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { mmdbPlaces } from '#adapters/place/mmdb-places.ts'
import { assessRisk, decide, emptyProfile, learn, type RiskFacts, RiskSettings } from '#core/risk/index.ts'
import { parseIp } from '#core/shared/ip-address.ts'
import { readNetworkList } from '#core/shared/network-set.ts'

const HELP = `npm run bench:risk -- [options]

Judges sign-ins from addresses all over the world against the fullest profile there can be, with a long list of bad networks,
and prints processor time and its spread. Ends with 1 when a judgement takes more than 2 ms of processor time.

  --rounds 20000  how many
  --help`

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20000' }, help: { type: 'boolean' } } })
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const LIMIT_MICROSECONDS = 2000
const ROUNDS = Number(values.rounds)
if (!(ROUNDS >= 100)) throw new Error('--rounds is a number from 100 on')

const DAY = 24 * 3600 * 1000
const START = Date.UTC(2030, 0, 7)
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

/** A different address each time, IPv4 and IPv6, all over the world. */
const addressOf = (index: number): string => {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0
  return index % 3 === 0
    ? `2a0${mixed % 10}:${(mixed % 0xffff).toString(16)}:${(mixed >>> 16).toString(16)}::${(index % 0xffff).toString(16)}`
    : `${1 + (mixed % 222)}.${(mixed >>> 8) & 255}.${(mixed >>> 16) & 255}.${(mixed >>> 24) & 255}`
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

const beforePlaces = process.memoryUsage()
const places = mmdbPlaces(null)
const beganLoading = performance.now()
places.load()
const loadMs = performance.now() - beganLoading
const afterPlaces = process.memoryUsage()

/** As long as operators' lists are, and both of the pool's lists full. */
const list = Array.from({ length: 50_000 }, (_, index) => `${addressOf(index * 7 + 1)}/${index % 2 === 0 ? 24 : 32}`)
const bad = readNetworkList(list.filter((line) => !line.includes(':')).join('\n')).networks
const settings = RiskSettings.parse({
  mode: 'enforce',
  deniedNetworks: Array.from({ length: 200 }, (_, index) => `198.18.${index}.0/24`),
  allowedNetworks: Array.from({ length: 200 }, (_, index) => `198.19.${index}.0/24`),
})

const factsOf = (index: number, profile: RiskFacts['profile']): RiskFacts => {
  const ip = addressOf(index)
  const isPhone = index % 2 === 0
  return {
    request: {
      at: new Date(START + index * (DAY / 8)),
      ip,
      place: places.find(ip),
      userAgent: isPhone ? SAFARI : CHROME,
      clientHints: isPhone ? null : { brands: '"Chromium";v="138"', platform: '"Windows"' },
      acceptLanguage: 'de-DE,de;q=0.9,en;q=0.8',
      isSecure: true,
    },
    device: null,
    profile,
    counts: { accountFailures: index % 20, networkAccounts: index % 30 },
    credentialChangedAt: new Date(START + index * (DAY / 8) - 1000),
    isBadNetwork: bad.has(parseIp(ip)),
  }
}

const median = (sorted: readonly number[], share: number): string =>
  `${((sorted[Math.floor(sorted.length * share)] ?? 0) * 1000).toFixed(0)} µs`

/** One by one for the spread, all together for processor time. */
const measure = (name: string, act: (index: number) => unknown): number => {
  for (let index = 0; index < 2000; index += 1) act(index)
  const times: number[] = []
  const before = process.cpuUsage()
  for (let index = 0; index < ROUNDS; index += 1) {
    const began = performance.now()
    act(index)
    times.push(performance.now() - began)
  }
  const { user, system } = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  const each = (user + system) / ROUNDS
  const cpu = `${each.toFixed(0)} µs`.padStart(8)
  console.log(
    `${name.padEnd(46)}${cpu} of processor time; median ${median(times, 0.5)}, 99 % ${median(times, 0.99)}, most ${median(times, 0.99999)}`,
  )
  return each
}

/** Full to the brim: the dearest profile there is. */
let full = emptyProfile()
for (let index = 0; index < 500; index += 1) full = learn(full, factsOf(index, full))

console.log(`Risk of a sign-in: ${ROUNDS} rounds each, every address a different one`)
console.log(`profile: ${JSON.stringify(full).length} bytes of JSON; bad networks: ${bad.size}; both address lists full`)
console.log(
  `place data: loaded in ${loadMs.toFixed(0)} ms, ${megabytes(afterPlaces.rss - beforePlaces.rss)} resident, ${megabytes(afterPlaces.external - beforePlaces.external)} of it the file\n`,
)
measure('look-up of the place', (index) => places.find(addressOf(index)))
measure('facts (place, bad networks), judgement, decision', (index) =>
  decide(settings, assessRisk(settings, factsOf(index, full)), { hasSecondFactor: true, isRememberedDevice: false }),
)
const whole = measure('the same, and learning', (index) => {
  const facts = factsOf(index, full)
  decide(settings, assessRisk(settings, facts), { hasSecondFactor: true, isRememberedDevice: false })
  return learn(full, facts)
})
if (whole > LIMIT_MICROSECONDS) process.exitCode = 1
