import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { riskFacts } from '#tests/support/risk-facts.ts'
import { accountFailures } from './account-failures.ts'
import { badNetwork } from './bad-network.ts'
import { spray } from './spray.ts'

const sprayed = (networkAccounts: number, ip = '9.9.9.9') =>
  spray(riskFacts({ counts: { accountFailures: 0, networkAccounts }, request: { ip } }))?.strength ?? 0
const failed = (failures: number, more = {}) =>
  accountFailures(riskFacts({ counts: { accountFailures: failures, networkAccounts: 0 }, device: null, ...more }))

describe('a spray', () => {
  it('is not seen in the typing errors of an office', () => {
    for (const accounts of [0, 1, 2, 3]) assert.equal(sprayed(accounts), 0)
  })
  it('is surer the more accounts failed from the network', () => {
    const strengths = [4, 6, 10, 20].map((accounts) => sprayed(accounts))
    assert.deepEqual(strengths, [...strengths].sort())
    assert.equal(sprayed(20), 1)
    assert.equal(sprayed(5000), 1)
  })
  it('is half as sure from a network in which the person is at home', () => {
    assert.equal(sprayed(5000, '84.140.7.9'), 0.5)
  })
  it('is counted for addresses that cannot be read too', () => {
    assert.equal(sprayed(5000, 'nonsense'), 1)
  })
})

describe('failures of an account', () => {
  it('say nothing while they are what people do', () => {
    for (const failures of [0, 1, 2, 3]) assert.equal(failed(failures), null)
  })
  it('tell more the more there are', () => {
    assert.ok((failed(6)?.strength ?? 0) < (failed(12)?.strength ?? 0))
    assert.deepEqual(failed(40), { strength: 1, reason: 'accountFailures', params: { failures: 40 } })
  })
  it('tell less at the device of the person', () => {
    assert.ok((failed(40, { device: riskFacts().device })?.strength ?? 1) < 0.5)
  })
})

describe('a bad network', () => {
  it('is what the operator says it is', () => {
    assert.equal(badNetwork(riskFacts()), null)
    assert.equal(badNetwork(riskFacts({ isBadNetwork: true }))?.strength, 1)
  })
})
