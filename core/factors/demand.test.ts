import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type DemandFacts, demandOf } from './demand.ts'
import type { Factor, FactorKind, MethodProof } from './factor.ts'
import { ACR_MULTI_FACTOR, ACR_PHISHING_RESISTANT, ACR_SINGLE_FACTOR } from './levels.ts'

const NOON = new Date('2030-06-15T12:00:00Z')

const a = (kind: FactorKind, overrides: Partial<Factor> = {}): Factor => ({
  poolId: 'eu-test-1_AbCdEfGhI',
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
  ...overrides,
})

const by = (...methods: MethodProof['method'][]): MethodProof[] => methods.map((method) => ({ method, at: +NOON }))
const withPasskey: MethodProof = { method: 'passkey', at: +NOON, factorId: 'key', isUserVerified: true }

const demand = (facts: Partial<DemandFacts>) => {
  const result = demandOf({
    mfa: 'optional',
    allowed: ['passkey', 'totp', 'sms', 'email'],
    clientRequires: false,
    level: null,
    risk: 'none',
    factors: [],
    preferred: null,
    proofs: by('password'),
    isRemembered: false,
    ...facts,
  })
  if (result.kind === 'prove')
    return `${result.kind} ${result.factors.map(({ id }) => id).join(',')} for ${result.reason}${result.isPreferred ? ', as preferred' : ''}`
  if (result.kind === 'enrol') return `${result.kind} ${result.kinds.join(',')} for ${result.reason}`
  return result.kind === 'refused' ? `${result.kind} for ${result.reason}` : result.kind
}

describe('how much a sign-in must prove', () => {
  it('is a password alone where the pool asks for nothing more', () => {
    assert.equal(demand({ mfa: 'off', factors: [a('totp')] }), 'met')
    assert.equal(demand({ mfa: 'optional' }), 'met')
  })

  it('is a second factor for whoever has one, and for everybody where the pool requires it', () => {
    assert.equal(demand({ factors: [a('totp')] }), 'prove totp for person')
    assert.equal(demand({ mfa: 'required', factors: [a('totp')] }), 'prove totp for pool')
    assert.equal(demand({ mfa: 'required', allowed: ['passkey', 'totp'] }), 'enrol passkey,totp for pool')
  })

  it('is never the enrolment of a new factor for somebody who has one', () => {
    const usedAlready = [{ method: 'totp', at: +NOON, factorId: 'totp' }] as const
    assert.equal(demand({ mfa: 'required', factors: [a('totp')], proofs: usedAlready }), 'refused for pool')
  })

  it('counts factors of kinds the pool no longer allows for nothing', () => {
    assert.equal(demand({ mfa: 'required', allowed: ['totp'], factors: [a('sms')] }), 'enrol totp for pool')
    assert.equal(demand({ allowed: ['totp'], factors: [a('sms')] }), 'met')
  })

  it('is met by two proofs of different kinds, and not by two of the same kind', () => {
    const factors = [a('totp'), a('sms'), a('email')]
    assert.equal(demand({ mfa: 'required', factors, proofs: by('password', 'totp') }), 'met')
    assert.equal(demand({ mfa: 'required', factors: [a('sms')], proofs: by('email') }), 'refused for pool')
    assert.equal(demand({ mfa: 'required', factors, proofs: by('email', 'sms') }), 'refused for pool')
  })

  it('is met by a passkey that verified its person, and not by one that did not', () => {
    assert.equal(demand({ mfa: 'required', factors: [a('passkey', { id: 'key' })], proofs: [withPasskey] }), 'met')
    const { isUserVerified: _, ...touched } = withPasskey
    assert.equal(
      demand({ mfa: 'required', factors: [a('passkey', { id: 'key' }), a('totp')], proofs: [touched] }),
      'prove totp for pool',
    )
  })

  it('asks everybody of a client that requires two factors, and of a request that names the level', () => {
    assert.equal(demand({ clientRequires: true }), 'enrol passkey,totp,sms,email for app')
    assert.equal(demand({ level: ACR_MULTI_FACTOR, factors: [a('sms')] }), 'prove sms for app')
    assert.equal(demand({ level: ACR_SINGLE_FACTOR }), 'met')
    assert.equal(demand({ mfa: 'off', level: ACR_MULTI_FACTOR }), 'refused for app')
  })

  it('takes nothing but a passkey where the request asks to resist phishing', () => {
    const level = ACR_PHISHING_RESISTANT
    const key = a('passkey', { id: 'key' })
    assert.equal(demand({ level, factors: [a('totp'), key] }), 'prove key for app')
    assert.equal(demand({ level, factors: [a('totp'), key], proofs: by('password', 'totp') }), 'prove key for app')
    assert.equal(demand({ level, factors: [a('totp')] }), 'refused for app')
    assert.equal(demand({ level }), 'enrol passkey for app')
  })

  it('lets a remembered browser stand in for the pool and the person, never for the app or for risk', () => {
    const remembered = { isRemembered: true, factors: [a('totp')] }
    assert.equal(demand({ ...remembered, mfa: 'required' }), 'met')
    assert.equal(demand(remembered), 'met')
    assert.equal(demand({ ...remembered, level: ACR_MULTI_FACTOR }), 'prove totp for app')
    assert.equal(demand({ ...remembered, clientRequires: true }), 'prove totp for app')
    assert.equal(demand({ ...remembered, risk: 'mfa-if-configured' }), 'prove totp for risk')
    assert.equal(demand({ isRemembered: true, mfa: 'required', allowed: ['totp'] }), 'enrol totp for pool')
  })

  it('is refused where risk asks for a factor nobody has, and let by where it asks whoever has one', () => {
    assert.equal(demand({ risk: 'mfa-required' }), 'refused for risk')
    assert.equal(demand({ risk: 'mfa-if-configured' }), 'met')
    assert.equal(demand({ mfa: 'off', risk: 'mfa-required', factors: [a('totp')] }), 'prove totp for risk')
  })

  it('asks for a factor to be set up after a sign-up whose own code proved two, where the pool requires one', () => {
    assert.equal(demand({ mfa: 'required', allowed: ['totp'], proofs: by('password', 'email') }), 'enrol totp for pool')
    assert.equal(demand({ mfa: 'required', allowed: ['totp'], proofs: by('password', 'recovery-code') }), 'met')
  })

  it('offers the preferred kind first, then the strongest, then the last used', () => {
    const factors = [
      a('email'),
      a('totp'),
      a('passkey', { id: 'old', lastUsedAt: NOON }),
      a('passkey', { id: 'new', lastUsedAt: new Date(+NOON + 1) }),
    ]
    assert.equal(demand({ factors }), 'prove new,old,totp,email for person')
    assert.equal(demand({ factors, preferred: 'email' }), 'prove email,new,old,totp for person, as preferred')
    assert.equal(demand({ factors, preferred: 'sms' }), 'prove new,old,totp,email for person')
  })
})
