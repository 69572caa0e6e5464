import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CHROME_ON_WINDOWS, FIREFOX_ON_LINUX, riskFacts } from '#tests/support/risk-facts.ts'
import { emptyProfile } from '../profile.ts'
import { newBrowser } from './new-browser.ts'

describe('a new browser', () => {
  it('says nothing of no user agent, and of a person without a history', () => {
    for (const userAgent of [null, '', '   '])
      assert.equal(newBrowser(riskFacts({ request: { userAgent } })), null, String(userAgent))
    assert.equal(newBrowser(riskFacts({ profile: emptyProfile() })), null)
  })
  it('tells of a browser and system that were never used', () => {
    assert.deepEqual(newBrowser(riskFacts({ request: { userAgent: FIREFOX_ON_LINUX } })), {
      strength: 1,
      reason: 'newBrowser',
      params: { browser: 'Firefox on Linux' },
    })
  })
  it('says nothing of a newer version', () => {
    const userAgent = CHROME_ON_WINDOWS.replace('138', '151')
    assert.equal(newBrowser(riskFacts({ request: { userAgent } })), null)
  })
})
