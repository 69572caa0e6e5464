import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import { unusualHour } from './unusual-hour.ts'

const at = (hour: number) => new Date(Date.UTC(2030, 5, 15, hour, 30))

describe('an unusual hour', () => {
  it('is not known before there is a pattern', () => {
    assert.equal(unusualHour(riskFacts({ profile: aProfile(19), request: { at: at(0) } })), null)
  })
  it('is one at which the person never signs in', () => {
    assert.equal(unusualHour(riskFacts({ profile: aProfile(40), request: { at: at(0) } }))?.strength, 1)
  })
  it('is none of the usual ones, nor one beside them, across midnight too', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 40 : 0))
    const profile = { ...aProfile(), hours }
    for (const hour of [21, 22, 23, 0, 1])
      assert.equal(unusualHour(riskFacts({ profile, request: { at: at(hour) } })), null)
    assert.equal(unusualHour(riskFacts({ profile, request: { at: at(2) } }))?.strength, 1)
  })
  it('is not said of a time that is none', () => {
    assert.equal(unusualHour(riskFacts({ request: { at: new Date(Number.NaN) } })), null)
  })
})
