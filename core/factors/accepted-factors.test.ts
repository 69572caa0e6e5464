import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { acceptedFactors, acceptsFactor } from './accepted-factors.ts'
import { FACTOR_KINDS, type FactorKind } from './factor.ts'

const accepted = (firstFactors: string[], allowed: FactorKind[]) =>
  acceptedFactors(
    { firstFactors, factors: { allowed } },
    FACTOR_KINDS.map((kind) => ({ kind })),
  ).map(({ kind }) => kind)

describe('the factors that count in a pool', () => {
  it('are those of the kinds it takes: what was set up under other settings is none', () => {
    assert.deepEqual(accepted(['password'], ['totp']), ['totp'])
    assert.deepEqual(accepted(['password'], ['totp', 'sms']), ['totp', 'sms'])
  })

  it('are passkeys too where they only begin sign-ins', () => {
    assert.deepEqual(accepted(['password', 'passkey'], ['totp']), ['passkey', 'totp'])
    assert.deepEqual(accepted(['password'], ['passkey']), ['passkey'])
  })

  it('are no codes because codes begin sign-ins: those go to any proven address', () => {
    assert.deepEqual(accepted(['email', 'sms'], ['totp']), ['totp'])
    assert.equal(acceptsFactor({ firstFactors: ['email'], factors: { allowed: ['totp'] } }, 'email'), false)
  })
})
