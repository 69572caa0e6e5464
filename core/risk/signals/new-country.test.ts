import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aPlace, aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import { emptyProfile } from '../profile.ts'
import { newCountry } from './new-country.ts'

describe('a new country', () => {
  it('says nothing where the place is not known, and of a person without a history', () => {
    assert.equal(newCountry(riskFacts({ request: { place: null } })), null)
    assert.equal(newCountry(riskFacts({ profile: emptyProfile() })), null)
  })
  it('says nothing of a country that was seen', () => {
    assert.equal(newCountry(riskFacts({ request: { place: aPlace({ city: 'Lübeck' }) } })), null)
  })
  it('tells where it is, as far as that is known', () => {
    const place = aPlace({ country: 'FR', city: 'Lyon' })
    assert.deepEqual(newCountry(riskFacts({ request: { place } })), {
      strength: 1,
      reason: 'newPlace',
      params: { country: 'FR', city: 'Lyon' },
    })
    assert.equal(newCountry(riskFacts({ request: { place: aPlace({ country: 'FR' }) } }))?.params.city, '')
  })
  it('tells little of somebody who travels all the time', () => {
    const profile = { ...aProfile(), novelty: { device: 0, network: 0, country: 1 } }
    const strength = newCountry(riskFacts({ profile, request: { place: aPlace({ country: 'FR' }) } }))?.strength ?? 0
    assert.ok(strength > 0.1 && strength < 0.5)
  })
})
