import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MethodProof } from './factor.ts'
import {
  ACR_MULTI_FACTOR,
  ACR_PHISHING_RESISTANT,
  ACR_SINGLE_FACTOR,
  acrOf,
  amrOf,
  authenticatedAt,
  reaches,
} from './levels.ts'

const by = (...methods: MethodProof['method'][]): MethodProof[] =>
  methods.map((method, n) => ({ method, at: n * 1000 }))

describe('levels and methods of a sign-in', () => {
  it('come from proofs: knowledge and possession together are two factors, either alone is one', () => {
    assert.equal(acrOf([]), ACR_SINGLE_FACTOR)
    assert.equal(acrOf(by('password')), ACR_SINGLE_FACTOR)
    assert.equal(acrOf(by('email', 'sms', 'totp')), ACR_SINGLE_FACTOR)
    assert.equal(acrOf(by('password', 'device')), ACR_SINGLE_FACTOR)
    assert.equal(acrOf(by('password', 'totp')), ACR_MULTI_FACTOR)
    assert.equal(acrOf(by('password', 'recovery-code')), ACR_MULTI_FACTOR)
    assert.equal(acrOf(by('password', 'passkey')), ACR_PHISHING_RESISTANT)
    assert.equal(acrOf([{ method: 'passkey', at: 0 }]), ACR_SINGLE_FACTOR)
    assert.equal(acrOf([{ method: 'passkey', at: 0, isUserVerified: true }]), ACR_PHISHING_RESISTANT)
  })

  it('are told in the words of RFC 8176', () => {
    assert.deepEqual(amrOf(by('password')), ['pwd'])
    assert.deepEqual(amrOf(by('password', 'totp')), ['pwd', 'otp', 'mfa'])
    assert.deepEqual(amrOf(by('password', 'sms')), ['pwd', 'sms', 'otp', 'mfa'])
    assert.deepEqual(amrOf(by('password', 'device')), ['pwd'])
    assert.deepEqual(amrOf([{ method: 'passkey', at: 0, isUserVerified: true, isSynced: true }]), [
      'swk',
      'user',
      'mfa',
    ])
    assert.deepEqual(amrOf([{ method: 'passkey', at: 0 }]), ['hwk'])
  })

  it('reach what is weaker, and an unknown level reaches nothing', () => {
    assert.ok(reaches(ACR_PHISHING_RESISTANT, ACR_MULTI_FACTOR))
    assert.ok(!reaches(ACR_SINGLE_FACTOR, ACR_MULTI_FACTOR))
    assert.ok(!reaches(undefined, ACR_SINGLE_FACTOR))
    assert.ok(!reaches('gold', ACR_SINGLE_FACTOR))
  })

  it('are as old as their oldest proof; a remembered browser has no age', () => {
    assert.equal(authenticatedAt(by('password', 'totp')), 0)
    assert.equal(
      authenticatedAt([
        { method: 'device', at: 0 },
        { method: 'password', at: 5 },
      ]),
      5,
    )
  })
})
