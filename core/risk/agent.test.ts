import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CHROME_ON_WINDOWS, FIREFOX_ON_LINUX, SAFARI_ON_IPHONE } from '#tests/support/risk-facts.ts'
import { agentOf, chromiumVersionOf, deviceNameOf, languageOf } from './agent.ts'

const EDGE = `${CHROME_ON_WINDOWS} Edg/138.0.0.0`
const SAMSUNG =
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36'
const SAFARI_ON_MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15'
const CHROME_ON_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile/15E148 Safari/604.1'
const CHROMEBOOK = CHROME_ON_WINDOWS.replace('Windows NT 10.0; Win64; x64', 'X11; CrOS x86_64 14541.0.0')

describe('a browser and its system', () => {
  it('are not known without a user agent, and "other" for what cannot be read', () => {
    for (const userAgent of [null, '', ' ']) assert.equal(agentOf(userAgent), null)
    assert.equal(agentOf('curl/8.9.1'), 'Other on Other')
    assert.equal(deviceNameOf(null), 'Other, Other')
  })
  it('are told by the rarest claim, since everybody claims to be everybody', () => {
    for (const [userAgent, agent, name] of [
      [CHROME_ON_WINDOWS, 'Chrome on Windows', 'Chrome 138, Windows 10'],
      [EDGE, 'Edge on Windows', 'Edge 138, Windows 10'],
      [FIREFOX_ON_LINUX, 'Firefox on Linux', 'Firefox 140, Linux'],
      [SAFARI_ON_IPHONE, 'Safari on iOS', 'Safari 18, iOS 18'],
      [CHROME_ON_IPHONE, 'Chrome on iOS', 'Chrome 138, iOS 18'],
      [SAFARI_ON_MAC, 'Safari on macOS', 'Safari 18, macOS 10'],
      [SAMSUNG, 'Samsung Internet on Android', 'Samsung Internet 28, Android 14'],
      [CHROMEBOOK, 'Chrome on ChromeOS', 'Chrome 138, ChromeOS'],
    ] as const)
      assert.deepEqual([agentOf(userAgent), deviceNameOf(userAgent)], [agent, name])
  })
  it('are read from the first 512 characters, whatever follows', () => {
    assert.equal(agentOf(CHROME_ON_WINDOWS + ' '.repeat(1e6)), 'Chrome on Windows')
  })
  it('have a Chromium version where they are Chromium inside', () => {
    assert.deepEqual([CHROME_ON_WINDOWS, EDGE, SAMSUNG].map(chromiumVersionOf), [138, 138, 130])
    assert.deepEqual([null, '', SAFARI_ON_IPHONE, CHROME_ON_IPHONE].map(chromiumVersionOf), [null, null, null, null])
  })
})

describe('the language of a browser', () => {
  it('is the first one it prefers, without its country', () => {
    for (const [header, language] of [
      ['de-AT,de;q=0.9', 'de'],
      ['EN', 'en'],
      [' ar-EG', 'ar'],
      ['*', null],
      ['', null],
      [null, null],
    ] as const)
      assert.equal(languageOf(header), language)
  })
})
