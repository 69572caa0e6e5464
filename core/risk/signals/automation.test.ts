import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  aProfile,
  CHROME_ON_WINDOWS,
  FIREFOX_ON_LINUX,
  riskFacts,
  SAFARI_ON_IPHONE,
} from '#tests/support/risk-facts.ts'
import { automation } from './automation.ts'

const strength = (request: Parameters<typeof riskFacts>[0]) => automation(riskFacts(request))?.strength ?? 0

describe('automation', () => {
  it('is what comes without a user agent', () => {
    for (const userAgent of [null, '', '  ']) assert.equal(strength({ request: { userAgent } }), 1)
  })
  it('is what says so', () => {
    for (const userAgent of [
      CHROME_ON_WINDOWS.replace('Chrome/', 'HeadlessChrome/'),
      'python-requests/2.32.0',
      'curl/8.9.1',
      'Go-http-client/2.0',
    ])
      assert.equal(strength({ request: { userAgent } }), 1, userAgent)
  })
  it('is suspected where languages or client hints are missing, and surer where both are', () => {
    assert.equal(strength({ request: { acceptLanguage: null } }), 0.5)
    assert.equal(strength({ request: { clientHints: null } }), 0.5)
    assert.equal(strength({ request: { clientHints: null, acceptLanguage: ' ' } }), 1)
  })
  it('is suspected of hints that contradict the user agent', () => {
    assert.equal(strength({ request: { userAgent: FIREFOX_ON_LINUX } }), 0.5)
  })
  it('asks for no hints from browsers that send none, nor over plain http', () => {
    for (const userAgent of [SAFARI_ON_IPHONE, FIREFOX_ON_LINUX, CHROME_ON_WINDOWS.replace('138', '80')])
      assert.equal(strength({ request: { userAgent, clientHints: null } }), 0, userAgent)
    assert.equal(strength({ request: { clientHints: null, isSecure: false } }), 0)
  })
  it('is nothing new in an app of the pool that always came that way', () => {
    const userAgent = 'FjordBooks/4 okhttp/5.0'
    const request = { userAgent, acceptLanguage: null, clientHints: null }
    assert.equal(strength({ request }), 1)
    assert.equal(strength({ request, profile: aProfile(10, request) }), 0)
  })
  it('survives a user agent of a megabyte', () => {
    const userAgent = `Mozilla/5.0 ${'('.repeat(1e6)}`
    assert.equal(strength({ request: { userAgent, clientHints: null } }), 0)
  })
})
