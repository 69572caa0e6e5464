import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { poolRemarks } from './pool-remarks.ts'
import { PoolSettings, type PoolSettingsInput } from './pool-settings.ts'

const remarks = (settings: PoolSettingsInput) => poolRemarks(PoolSettings.parse(settings))

describe('what is said of settings that may be kept', () => {
  it('is nothing, ordinarily', () => {
    assert.deepEqual(remarks({}), [])
    assert.deepEqual(remarks({ mfa: 'required' }), [])
    assert.deepEqual(remarks({ firstFactors: ['email-code', 'password'], mfa: 'optional' }), [])
  })

  it('is that nobody could reset a password where mail is the only second factor and the only way to reset', () => {
    const noReset = [{ about: 'no-reset', channels: ['email'] }]
    assert.deepEqual(remarks({ mfa: 'optional', factors: { allowed: ['email'] } }), noReset)
    assert.deepEqual(remarks({ mfa: 'required', factors: { allowed: ['sms', 'email'] } }), noReset)
    assert.deepEqual(remarks({ mfa: 'required', factors: { allowed: ['totp', 'email'] } }), [])
    assert.deepEqual(remarks({ mfa: 'required', factors: { allowed: ['sms'] } }), [])
    assert.deepEqual(remarks({ factors: { allowed: ['email'] } }), [])
  })

  it('is that codes are not offered instead of a password where everybody needs two factors', () => {
    assert.deepEqual(remarks({ mfa: 'required', firstFactors: ['password', 'email-code', 'magic-link'] }), [
      { about: 'not-offered', methods: ['email-code', 'magic-link'] },
    ])
  })
})
