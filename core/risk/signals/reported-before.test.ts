import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import { feedback } from '../feedback.ts'
import { reportedBefore } from './reported-before.ts'

const stranger = { at: NOON, ip: '9.9.9.9', userAgent: null, country: 'US' }

describe('a network that was reported', () => {
  const profile = feedback(aProfile(), stranger, 'invalid', NOON)
  it('tells against whoever comes from there again', () => {
    assert.equal(reportedBefore(riskFacts({ profile, request: { ip: '9.9.9.77' } }))?.strength, 1)
  })
  it('says nothing of other networks, nor of addresses that cannot be read', () => {
    for (const ip of ['84.140.7.9', null]) assert.equal(reportedBefore(riskFacts({ profile, request: { ip } })), null)
  })
  it('is forgotten when the person says that it was theirs after all', () => {
    const taken = feedback(profile, stranger, 'valid', NOON)
    assert.equal(reportedBefore(riskFacts({ profile: taken, request: { ip: '9.9.9.9' } })), null)
  })
})
