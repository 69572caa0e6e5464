import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aPlace, aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import type { Place } from '../facts.ts'
import { impossibleTravel } from './impossible-travel.ts'

const AWAY = '177.10.1.1'
const BERLIN = { city: 'Berlin', lat: 52.5, lon: 13.4, accuracyKm: 20 }
const SYDNEY = { country: 'AU', city: 'Sydney', lat: -33.9, lon: 151.2, accuracyKm: 20 }

/** A sign-in so many minutes after the last one, which was in Germany. */
const after = (minutes: number, place: Place | null, { from = {}, ip = AWAY, device = null as null } = {}) => {
  const profile = aProfile(10)
  const last = { ...aPlace(from), at: NOON.getTime() / 1000 - minutes * 60 }
  return impossibleTravel(riskFacts({ device, profile: { ...profile, last }, request: { place, ip } }))
}

describe('impossible travel', () => {
  it('says nothing without two places', () => {
    assert.equal(after(5, null), null)
    const profile = { ...aProfile(), last: null }
    assert.equal(impossibleTravel(riskFacts({ profile, request: { place: aPlace({ country: 'BR' }) } })), null)
  })
  it('says nothing of a country that no circle is known for', () => {
    assert.equal(after(5, aPlace({ country: 'XX' })), null)
  })
  it('says nothing when the clock went back by more than clocks differ', () => {
    assert.equal(after(-60, aPlace({ country: 'BR' })), null)
    assert.equal(after(-2, aPlace({ country: 'BR' }))?.strength, 1)
  })
  it('takes two countries for as near as they can be', () => {
    for (const country of ['DE', 'FR', 'PL', 'AT', 'NL']) assert.equal(after(1, aPlace({ country })), null, country)
    assert.equal(after(30, aPlace({ country: 'BR' }))?.strength, 1)
    assert.equal(after(24 * 60, aPlace({ country: 'BR' })), null)
  })
  it('measures between cities where the data has them', () => {
    const told = after(120, SYDNEY, { from: BERLIN })
    assert.equal(told?.strength, 1)
    assert.deepEqual([told?.params.country, told?.params.from, told?.params.minutes], ['AU', 'DE', 120])
    assert.ok(Math.abs(Number(told?.params.km) - 16_000) < 300)
    assert.equal(after(22 * 60, SYDNEY, { from: BERLIN }), null)
  })
  it('finds it within one country too, between cities', () => {
    const seattle = { country: 'US', city: 'Seattle', lat: 47.6, lon: -122.3, accuracyKm: 20 }
    const miami = { country: 'US', city: 'Miami', lat: 25.8, lon: -80.2, accuracyKm: 20 }
    assert.ok((after(60, seattle, { from: miami })?.strength ?? 0) > 0.9)
    assert.equal(after(60, aPlace({ country: 'US' }), { from: miami }), null)
  })
  it('tells little when the network or the device is the usual one: a VPN ends where it ends', () => {
    const known = after(5, aPlace({ country: 'BR' }), { ip: '84.140.7.9' })?.strength ?? 0
    assert.ok(known > 0 && known < 0.3)
  })
})
