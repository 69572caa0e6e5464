import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf, SIGNAL_NAMES, type SignalName } from '#core/risk/index.ts'
import { parseIp } from '#core/shared/ip-address.ts'
import { headersOf, scriptHeaders, someBrowser, staleHeaders } from './browsers.ts'
import { chanceOf } from './chance.ts'
import { fitWeights } from './fit-weights.ts'
import type { Judged } from './replay.ts'
import { rocOf } from './roc-svg.ts'
import { targetsOf } from './tally.ts'
import { windowCounters } from './window-counters.ts'
import { addressIn, COUNTRIES, ipv6Host, ipv6Prefix, placeOf, providersOf, regionOf } from './world.ts'

const judgedAs = (overrides: Partial<Judged>): Judged => ({
  kind: 'commuter',
  attack: null,
  attackName: null,
  signIns: 9,
  score: 0,
  level: 'none',
  parts: [],
  effect: { withFactor: 'allow', withoutFactor: 'allow' },
  ...overrides,
})
const part = (signal: SignalName, strength = 1): Judged['parts'][number] => ({
  signal,
  strength,
  reason: 'newDevice',
  params: {},
  weight: 1,
  points: 1,
})
const times = <T>(count: number, one: (nth: number) => T): T[] => Array.from({ length: count }, (_, nth) => one(nth))

describe('the world of the simulation', () => {
  const chance = chanceOf(3)

  it('places its addresses, IPv4 and IPv6, where their providers are, but for few', () => {
    let misplaced = 0
    for (const country of Object.keys(COUNTRIES))
      for (const kind of ['home', 'mobile', 'business', 'hosting'] as const)
        for (const provider of providersOf(country, kind)) {
          const ips = [addressIn(regionOf(provider, chance, 3), chance), ipv6Host(ipv6Prefix(provider, chance), chance)]
          for (const ip of ips) {
            assert.notEqual(parseIp(ip), null, ip)
            if (placeOf(ip)?.country !== country) misplaced += 1
          }
        }
    assert.ok(misplaced < 30)
  })

  it('has nowhere for addresses outside of it', () => {
    for (const ip of [null, '1.1.1.1', '255.1.1.1', '::1']) assert.equal(placeOf(ip), null, String(ip))
  })

  it('has browsers that keep their names through updates, and programs that have none', () => {
    for (const kind of ['computer', 'work-computer', 'phone'] as const) {
      const browser = someBrowser(kind, chance)
      const names = [0, 100, 300].map((day) => agentOf(headersOf(browser, day, 'de').userAgent))
      assert.equal(new Set(names).size, 1)
      assert.doesNotMatch(names[0] ?? '', /Other/)
      assert.notEqual(headersOf(browser, 0, 'de').userAgent, headersOf(browser, 300, 'de').userAgent)
    }
    assert.equal(scriptHeaders(chance).clientHints, null)
    assert.match(agentOf(staleHeaders(chance).userAgent) ?? '', /^Chrome/)
  })
})

describe('the counters of the simulation', () => {
  it('count each account of a network once, until the window ends', () => {
    const counters = windowCounters()
    for (const account of ['a', 'b', 'a', 'a']) counters.noteFailure(account, 'n', 0)
    assert.deepEqual(counters.read('a', 'n', 1), { accountFailures: 3, networkAccounts: 2 })
    assert.deepEqual(counters.read('b', 'm', 1), { accountFailures: 1, networkAccounts: 0 })
    assert.deepEqual(counters.read('a', 'n', 3600_000), { accountFailures: 0, networkAccounts: 0 })
  })
})

describe('the fit of weights', () => {
  it('finds which signal tells takeovers and which does not', () => {
    const judged = [
      ...times(2000, () => judgedAs({})),
      ...times(400, () => judgedAs({ parts: [part('newNetwork')] })),
      ...times(60, () => judgedAs({ attack: 'spray', parts: [part('newDevice'), part('newNetwork')] })),
      ...times(6, () => judgedAs({ parts: [part('newDevice')] })),
    ]
    const weights = fitWeights(judged)
    assert.ok(weights.newDevice > weights.newNetwork + 0.5 && weights.newDevice > 2 && weights.spray < 0.1)
    for (const name of SIGNAL_NAMES) assert.ok(weights[name] >= 0 && Number.isFinite(weights[name]), name)
  })
})

describe('the curve and the targets', () => {
  const honest = times(1000, (nth) => judgedAs({ score: nth / 10_000 }))
  const stopped = { withFactor: 'challenge', withoutFactor: 'allow' } as const

  it('are perfect for scores that tell all apart, and chance for scores that tell nothing', () => {
    const takeovers = times(100, () => judgedAs({ attack: 'spray', score: 0.9 }))
    assert.equal(rocOf([...honest, ...takeovers], 'spray').area, 1)
    const alike = times(1000, (nth) => judgedAs({ attack: 'spray', score: nth / 10_000 }))
    assert.ok(Math.abs(rocOf([...honest, ...alike], 'spray').area - 0.5) < 0.01)
  })

  it('are missed where nothing happened at all', () => {
    assert.ok(targetsOf([]).every(({ isMet }) => !isMet))
  })

  it('count honest people after their fifth sign-in alone', () => {
    const takeovers = (['stuffing', 'spray'] as const).map((attack) => judgedAs({ attack, effect: stopped }))
    const early = times(500, () => judgedAs({ signIns: 4, effect: stopped }))
    assert.ok(targetsOf([...honest, ...early, ...takeovers]).every(({ isMet }) => isMet))
    const late = times(11, () => judgedAs({ signIns: 5, effect: stopped }))
    assert.deepEqual(
      targetsOf([...honest, ...late, ...takeovers]).map(({ isMet }) => isMet),
      [true, true, false],
    )
  })
})
