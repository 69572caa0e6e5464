import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secondsLater } from '#tests/support/builders.ts'
import { riskFacts } from '#tests/support/risk-facts.ts'
import { freshCredential } from './fresh-credential.ts'

const changed = (seconds: number, more: { device?: null } = { device: null }) =>
  freshCredential(riskFacts({ credentialChangedAt: secondsLater(-seconds), ...more }))

describe('a fresh credential', () => {
  it('says nothing where no change is known', () => {
    assert.equal(freshCredential(riskFacts({ device: null })), null)
  })
  it('says nothing at a device of the person: people do change passwords', () => {
    assert.equal(changed(60, {}), null)
  })
  it('tells of a new device soon after, and less with every hour of a day', () => {
    const strengths = [0, 3600, 12 * 3600, 23 * 3600].map((seconds) => changed(seconds)?.strength ?? 0)
    assert.deepEqual(
      strengths,
      [...strengths].sort((a, b) => b - a),
    )
    assert.equal(strengths[0], 1)
    assert.equal(changed(24 * 3600), null)
  })
  it('takes a change in the future for one of now', () => {
    assert.equal(changed(-600)?.strength, 1)
  })
})
