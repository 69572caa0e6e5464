import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AppClient } from '#core/clients/client-settings.ts'
import type { Factor } from '#core/factors/index.ts'
import type { FlowState, Proof } from '#core/flows/flow.ts'
import { mayFinish } from '#core/flows/index.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import type { User } from '#core/users/ports.ts'
import { aClient, aFlow, aPool, aProof, aUser, NOON, secondsLater } from '#tests/support/builders.ts'

const pool = aPool()
const client = aClient(pool.id, { settings: { callbackUrls: ['https://app.example.com/callback'] } })
const user = aUser(pool.id)
const proof: Proof = aProof(user.sub)
const anApp: Factor = {
  poolId: pool.id,
  sub: user.sub,
  id: 'totp',
  kind: 'totp',
  name: null,
  address: null,
  credentialId: null,
  passkey: null,
  counter: 0,
  createdAt: NOON,
  lastUsedAt: null,
}

const journey = (state: Partial<FlowState> = {}) =>
  aFlow(pool.id, { clientId: client.id, step: 'done', state: { proof, ...state } })

const outcome = (
  state: Partial<FlowState> = {},
  now: {
    user?: Partial<User> | null
    client?: Partial<AppClient> | null
    pool?: Pool
    passwordChangedAt?: Date
    factors?: readonly Factor[]
  } = {},
): string => {
  const answer = mayFinish({
    pool: now.pool ?? pool,
    flow: journey(state),
    user: now.user === null ? null : { ...user, ...now.user },
    password: { changedAt: now.passwordChangedAt ?? NOON },
    client: now.client === null ? null : { ...client, ...now.client },
    factors: now.factors ?? [],
  })
  return answer.ok ? 'sign-in' : `${answer.failure.code}: ${answer.failure.because ?? ''}`
}

describe('whether a journey becomes a sign-in', () => {
  it('is a no where nothing was proven, or somebody else', () => {
    assert.equal(outcome({ proof: null }), 'flow-expired: nothing was proven')
    assert.equal(outcome({ proof: { ...proof, sub: 'somebody-else' } }), 'flow-expired: the account is gone')
  })

  it('is a no for who was deleted, disabled, or is being deleted since the proof', () => {
    assert.equal(outcome({}, { user: null }), 'flow-expired: the account is gone')
    assert.equal(outcome({}, { user: { enabled: false } }), 'flow-expired: the account is disabled')
    assert.equal(outcome({}, { user: { status: 'DELETING' } }), 'flow-expired: the account is disabled')
  })

  it('is a no for who was signed out everywhere since the proof, to the millisecond', () => {
    const sessionsValidAfter = new Date(NOON.getTime() + 1)
    assert.equal(outcome({}, { user: { sessionsValidAfter } }), 'flow-expired: signed out everywhere since the proof')
    assert.equal(outcome({}, { user: { sessionsValidAfter: NOON } }), 'sign-in')
  })

  it('is a no for who showed a password that was replaced since, and a yes on a session that went on', () => {
    const shown = { proofs: proof.proofs }
    const later = { passwordChangedAt: secondsLater(1) }
    assert.equal(outcome(shown), 'sign-in')
    assert.equal(outcome(shown, later), 'flow-expired: the password was replaced since the proof')
    const before = [{ method: 'password' as const, at: NOON.getTime() - 1 }]
    assert.equal(outcome({ proofs: before, proof: { ...proof, proofs: before } }, later), 'sign-in')
  })

  it('takes a session of the second in which everything was ended, and none of the second before', () => {
    const fromSession: Proof = { ...proof, isFromSession: true }
    const within = new Date(NOON.getTime() + 999)
    assert.equal(outcome({ proof: fromSession }, { user: { sessionsValidAfter: within } }), 'sign-in')
    assert.equal(
      outcome({ proof: fromSession }, { user: { sessionsValidAfter: secondsLater(1) } }),
      'flow-expired: signed out everywhere since the proof',
    )
  })

  it('is a no for an app that is gone or disabled, and for a callback that was taken off its list', () => {
    assert.equal(outcome({}, { client: null }), 'flow-expired: the app is gone or disabled')
    assert.equal(outcome({}, { client: { enabled: false } }), 'flow-expired: the app is gone or disabled')
    const moved = aClient(pool.id, { settings: { callbackUrls: ['https://app.example.com/other'] } })
    assert.equal(
      outcome({}, { client: { settings: moved.settings } }),
      'flow-expired: the callback address is not registered',
    )
  })

  it('is a no where the person said no, whatever was proven', () => {
    assert.equal(outcome({ refusal: { error: 'access_denied', description: 'no' } }), 'consent-refused: ')
  })

  it('is a no where a second factor is owed by what pool, app and account demand now, whatever the proof says', () => {
    const required = aPool({ id: pool.id, settings: { mfa: 'required' } })
    const optional = aPool({ id: pool.id, settings: { mfa: 'optional' } })
    const owed = 'flow-expired: a second factor is owed'
    const claimed = { proof: aProof(user.sub, { acr: 'urn:portico:acr:multi-factor', amr: ['pwd', 'otp', 'mfa'] }) }
    assert.equal(outcome(claimed, { pool: required }), owed)
    assert.equal(outcome({}, { pool: optional }), 'sign-in')
    assert.equal(outcome({}, { pool: optional, factors: [anApp] }), owed)
    assert.equal(outcome({}, { client: { settings: { ...client.settings, requireSecondFactor: true } } }), owed)
    const both = [...proof.proofs, { method: 'totp', at: +NOON, factorId: 'totp' } as const]
    assert.equal(outcome({ proof: { ...proof, proofs: both } }, { pool: required, factors: [anApp] }), 'sign-in')
  })

  it('is no sign-in for who asked to be deleted, and says until when the account can be kept', () => {
    const deleteAfter = secondsLater(86_400)
    assert.equal(outcome({}, { user: { deleteAfter } }), 'account-closing: ')
    const required = aPool({ id: pool.id, settings: { mfa: 'required' } })
    assert.equal(outcome({}, { user: { deleteAfter }, pool: required }), 'flow-expired: a second factor is owed')
  })

  it('is a no while a password of their own is owed', () => {
    assert.equal(outcome({ owedPassword: 'temporary' }), 'flow-expired: a new password is owed')
  })

  it('is a yes for who was proven, is still there, and came from an app that is still there', () => {
    assert.equal(outcome(), 'sign-in')
  })
})
