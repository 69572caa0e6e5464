import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import type { Factor, FactorKind, Method, MethodProof } from './factor.ts'
import { FRESH_SECONDS, isFresh } from './freshness.ts'

const factor = (kind: FactorKind): Factor => ({
  poolId: 'pool',
  sub: 'ann',
  id: kind,
  kind,
  name: null,
  address: null,
  credentialId: null,
  passkey: null,
  counter: 0,
  createdAt: NOON,
  lastUsedAt: null,
})
const proven = (method: Method, secondsAgo = 0): MethodProof => ({ method, at: NOON.getTime() - secondsAgo * 1000 })
const fresh = (proofs: readonly MethodProof[], kinds: readonly FactorKind[] = []) =>
  isFresh(proofs, kinds.map(factor), NOON)

describe('a proof that is fresh enough for a sensitive act', () => {
  it('is none that is older than ten minutes', () => {
    assert.equal(fresh([]), false)
    assert.equal(fresh([proven('password', FRESH_SECONDS + 1)]), false)
    assert.equal(fresh([proven('password', FRESH_SECONDS)]), true)
  })

  it('is of a second factor where the person has one, however new the password is', () => {
    assert.equal(fresh([proven('password')], ['totp']), false)
    assert.equal(fresh([proven('password'), proven('totp', FRESH_SECONDS + 1)], ['totp']), false)
    assert.equal(fresh([proven('password', 3600), proven('totp')], ['totp']), true)
  })

  it('is no code by SMS or mail where the person has an app or a passkey', () => {
    for (const code of ['sms', 'email'] as const) {
      assert.equal(fresh([proven('password'), proven(code)], ['totp', code]), false)
      assert.equal(fresh([proven('password'), proven(code)], ['passkey', code]), false)
      assert.equal(fresh([proven('password'), proven(code)], [code]), true)
    }
  })

  it('is not that the browser is remembered', () => {
    assert.equal(fresh([proven('device')]), false)
    assert.equal(fresh([proven('password', 3600), proven('device')], ['totp']), false)
  })

  it('may be a recovery code, so that a lost factor can be replaced', () => {
    assert.equal(fresh([proven('password'), proven('recovery-code')], ['passkey']), true)
  })

  it('may be any of several strong factors', () => {
    assert.equal(fresh([proven('totp')], ['passkey', 'totp']), true)
    assert.equal(fresh([proven('passkey')], ['passkey', 'totp']), true)
  })
})
