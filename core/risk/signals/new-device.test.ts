import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import { emptyProfile } from '../profile.ts'
import { newDevice } from './new-device.ts'

describe('a new device', () => {
  it('says nothing of a person who never signed in', () => {
    assert.equal(newDevice(riskFacts({ device: null, profile: emptyProfile() })), null)
  })
  it('says nothing when the device is known', () => {
    assert.equal(newDevice(riskFacts()), null)
  })
  it('tells in full of somebody who always came with one', () => {
    assert.deepEqual(newDevice(riskFacts({ device: null })), { strength: 1, reason: 'newDevice', params: {} })
  })
  it('tells little of somebody who never keeps a cookie, and never nothing', () => {
    const profile = { ...aProfile(), novelty: { device: 1, network: 0, country: 0 } }
    const strength = newDevice(riskFacts({ device: null, profile }))?.strength ?? 0
    assert.ok(strength > 0.2 && strength < 0.4)
  })
})
