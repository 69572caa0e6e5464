import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PoolSettings, type PoolSettingsInput } from '../pools/pool-settings.ts'
import { asksNameFirst, namedMethods } from './first-factors.ts'

const methods = (settings: PoolSettingsInput) => namedMethods(PoolSettings.parse(settings)).join(' ')

describe('what a sign-in may begin with after the name', () => {
  it('is the password, unless the pool says otherwise, in the order of the pool', () => {
    assert.equal(methods({}), 'password')
    assert.equal(methods({ firstFactors: ['magic-link', 'password', 'sms-code'] }), 'magic-link password sms-code')
    assert.equal(methods({ firstFactors: ['passkey', 'email-code'] }), 'email-code')
  })

  it('is no code where everybody needs two factors: a code alone never is', () => {
    assert.equal(methods({ firstFactors: ['email-code', 'password'], mfa: 'required' }), 'password')
    assert.equal(methods({ firstFactors: ['email-code', 'magic-link'], mfa: 'required' }), 'password')
    assert.equal(methods({ firstFactors: ['email-code'], mfa: 'optional' }), 'email-code')
  })

  it('is asked for after the name wherever it is more than a password', () => {
    const first = (settings: PoolSettingsInput) => asksNameFirst(PoolSettings.parse(settings))
    assert.equal(first({}), false)
    assert.equal(first({ firstFactors: ['password', 'passkey'] }), false)
    assert.equal(first({ firstFactors: ['password', 'email-code'] }), true)
    assert.equal(first({ signInLayout: 'identifier-first' }), true)
  })
})
