import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { aDevice, aPlace, aProfile, aRiskRequest } from '#tests/support/risk-facts.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { feedback } from './feedback.ts'
import { learn } from './learn.ts'
import { emptyProfile, MOST_KEPT, readProfile, SignInProfile } from './profile.ts'

const DAY = 24 * 3600
const stranger = { at: NOON, ip: '9.9.9.9', userAgent: 'curl/8', country: 'US' }
const keys = (seen: readonly { key: string }[]) => seen.map(({ key }) => key)

describe('a profile as it was stored', () => {
  it('is an empty one where there is none, or nothing that can be read', () => {
    for (const stored of [null, undefined, {}, [], 'text', 7]) assert.deepEqual(readProfile(stored), emptyProfile())
  })
  it('of an older shape keeps what it has, and has what it lacks', () => {
    const read = readProfile({ signIns: 12, countries: [{ key: 'DE', count: 12, lastAt: 1 }], favourite: 'tea' })
    assert.deepEqual(read, { ...emptyProfile(), signIns: 12, countries: [{ key: 'DE', count: 12, lastAt: 1 }] })
  })
  it('loses a part that cannot be read, and no other', () => {
    const { near, ...others } = aProfile()
    const read = readProfile({ ...others, near: 'everywhere', hours: [1, 2], novelty: { device: 7 }, last: 5 })
    assert.deepEqual([read.near, read.last, read.countries], [[], null, others.countries])
    assert.deepEqual(read.hours, emptyProfile().hours)
    assert.equal(near.length, 1)
  })
  it('comes back from JSON as it went', () => {
    assert.deepEqual(readProfile(JSON.parse(JSON.stringify(aProfile()))), aProfile())
  })
})

describe('learning from a sign-in', () => {
  it('remembers where, with what, in which language and when', () => {
    const profile = learn(emptyProfile(), { request: aRiskRequest(), device: null })
    assert.equal(profile.signIns, 1)
    assert.deepEqual(keys(profile.near), ['84.140.7.0/24'])
    assert.deepEqual(keys(profile.wide), ['84.140.0.0/16'])
    assert.deepEqual(keys(profile.countries), ['DE'])
    assert.deepEqual(keys(profile.agents), ['Chrome on Windows'])
    assert.deepEqual(keys(profile.languages), ['de'])
    assert.equal(profile.hours[12], 1)
    assert.deepEqual(profile.last, { at: NOON.getTime() / 1000, ...aPlace() })
  })

  it('learns from a request of which nothing is known that there was one', () => {
    const request = {
      at: NOON,
      ip: null,
      place: null,
      userAgent: null,
      clientHints: null,
      acceptLanguage: null,
      isSecure: true,
    }
    const { signIns, near, countries, last } = learn(emptyProfile(), { request, device: null })
    assert.deepEqual({ signIns, near, countries, last }, { signIns: 1, near: [], countries: [], last: null })
  })

  it('learns nothing at a time that is none', () => {
    const profile = aProfile()
    assert.deepEqual(learn(profile, { request: aRiskRequest({ at: new Date(Number.NaN) }), device: null }), profile)
  })

  it('does not take a sign-in of an hour ago for the last one', () => {
    const later = learn(emptyProfile(), { request: aRiskRequest(), device: null })
    const earlier = aRiskRequest({ at: secondsLater(-3600), place: aPlace({ country: 'BR' }) })
    const both = learn(later, { request: earlier, device: null })
    assert.equal(both.last?.country, 'DE')
    assert.ok(both.countries.some(({ key }) => key === 'BR'))
  })

  it('stays small and valid through ten years of wandering, and keeps the homes', () => {
    const random = seededRandom(7)
    let profile = emptyProfile()
    for (let day = 0; day < 3650; day += 1) {
      const isHome = day % 2 === 0
      const ip = isHome ? '84.140.7.9' : `${1 + random.below(220)}.${random.below(256)}.${random.below(256)}.9`
      const country = isHome ? 'DE' : random.text(2, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
      const userAgent = isHome ? aRiskRequest().userAgent : random.text(900, 'abc/ ()')
      const at = new Date(NOON.getTime() + day * DAY * 1000)
      profile = learn(profile, {
        request: aRiskRequest({ at, ip, userAgent, place: aPlace({ country }) }),
        device: null,
      })
    }
    assert.ok(SignInProfile.safeParse(profile).success)
    assert.ok(JSON.stringify(profile).length < 6_000)
    assert.equal(profile.near.length, MOST_KEPT.near)
    assert.ok(keys(profile.near).includes('84.140.7.0/24'))
    assert.ok(keys(profile.countries).includes('DE'))
    assert.ok(profile.novelty.network > 0.3 && profile.novelty.device > 0.9)
  })

  it('lets a former home fade before a present one', () => {
    const moved = Array.from({ length: 40 }, (_, day) => day).reduce(
      (profile, day) =>
        learn(profile, {
          request: aRiskRequest({ ip: `51.${day}.0.1`, at: secondsLater((400 + day) * DAY) }),
          device: aDevice(),
        }),
      aProfile(),
    )
    assert.ok(!keys(moved.near).includes('84.140.7.0/24'))
  })

  it('learns a change of shift within some months', () => {
    let profile = aProfile(300)
    for (let day = 0; day < 120; day += 1)
      profile = learn(profile, {
        request: aRiskRequest({ at: secondsLater(day * DAY + 12 * 3600) }),
        device: aDevice(),
      })
    const total = profile.hours.reduce((sum, hour) => sum + hour, 0)
    assert.ok((profile.hours[0] ?? 0) / total > 0.3)
  })

  it('changes nothing of what it is given', () => {
    const profile = aProfile()
    const before = structuredClone(profile)
    learn(profile, { request: aRiskRequest({ ip: '9.9.9.9' }), device: null })
    feedback(profile, stranger, 'invalid', NOON)
    assert.deepEqual(profile, before)
  })
})

describe('what the person says of a sign-in', () => {
  const attacked = learn(aProfile(), {
    request: aRiskRequest({ ip: '9.9.9.9', userAgent: 'curl/8', place: aPlace({ country: 'US' }) }),
    device: null,
  })

  it('"not mine" unlearns it, remembers the network and makes stricter', () => {
    const { near, countries, agents, reported, caution, last } = feedback(attacked, stranger, 'invalid', NOON)
    assert.deepEqual(keys(near), ['84.140.7.0/24'])
    assert.deepEqual(keys(countries), ['DE'])
    assert.deepEqual(keys(agents), ['Chrome on Windows'])
    assert.deepEqual(keys(reported), ['9.9.9.0/24'])
    assert.deepEqual([caution.points > 0, last], [true, null])
  })

  it('"not mine" does not take the person\'s own country and browser away', () => {
    const inside = { ...stranger, ip: '91.10.0.1', country: 'DE', userAgent: aRiskRequest().userAgent }
    const { countries, agents } = feedback(aProfile(), inside, 'invalid', NOON)
    assert.deepEqual([keys(countries), keys(agents)], [['DE'], ['Chrome on Windows']])
  })

  it('"mine" learns it and makes milder', () => {
    const { near, countries, caution } = feedback(aProfile(), stranger, 'valid', NOON)
    assert.ok(keys(near).includes('9.9.9.0/24') && keys(countries).includes('US'))
    assert.ok(caution.points < 0)
  })

  it('has limits, however often it is said', () => {
    let [strict, mild] = [aProfile(), aProfile()]
    for (let time = 0; time < 50; time += 1) {
      strict = feedback(strict, { ...stranger, ip: `9.9.${time}.9` }, 'invalid', NOON)
      mild = feedback(mild, { ...stranger, ip: `9.9.${time}.9` }, 'valid', NOON)
    }
    for (const profile of [strict, mild]) assert.ok(SignInProfile.safeParse(profile).success)
    assert.ok(Math.abs(strict.caution.points) <= 3 && Math.abs(mild.caution.points) <= 2)
  })

  it('survives an event without address, browser and place', () => {
    const nothing = { at: NOON, ip: null, userAgent: null, country: null }
    for (const value of ['valid', 'invalid'] as const)
      assert.ok(SignInProfile.safeParse(feedback(emptyProfile(), nothing, value, NOON)).success)
  })
})
