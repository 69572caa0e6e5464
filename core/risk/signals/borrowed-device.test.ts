import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aDevice, CHROME_ON_WINDOWS, FIREFOX_ON_LINUX, riskFacts } from '#tests/support/risk-facts.ts'
import { borrowedDevice } from './borrowed-device.ts'

describe('a borrowed device', () => {
  it('is one whose cookie comes from another browser', () => {
    assert.equal(borrowedDevice(riskFacts({ request: { userAgent: FIREFOX_ON_LINUX } }))?.strength, 1)
  })
  it('is one whose cookie comes without any user agent', () => {
    assert.equal(borrowedDevice(riskFacts({ request: { userAgent: null } }))?.strength, 1)
  })
  it('is not one whose browser was updated', () => {
    const userAgent = CHROME_ON_WINDOWS.replace('138', '151')
    assert.equal(borrowedDevice(riskFacts({ request: { userAgent } })), null)
  })
  it('is not said where there is no device, or none whose browser was kept', () => {
    assert.equal(borrowedDevice(riskFacts({ device: null })), null)
    for (const agent of [null, ''])
      assert.equal(borrowedDevice(riskFacts({ device: { ...aDevice(), agent }, request: { userAgent: null } })), null)
  })
})
