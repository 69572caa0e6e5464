import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Factor, MethodProof } from '#core/factors/index.ts'
import { aUser, NOON } from '#tests/support/builders.ts'
import { aJourney } from '#tests/support/journey.ts'
import { presentPerson } from './doer.ts'
import { proofToAskFor } from './proof-to-ask-for.ts'

const anApp: Factor = {
  poolId: 'pool',
  sub: 'ann',
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
const MINUTE = 60_000
const by = (method: MethodProof['method'], minutesAgo: number): MethodProof => ({
  method,
  at: +NOON - minutesAgo * MINUTE,
})

describe('what is asked for before a sensitive act', () => {
  it('is a proof of a moment ago, of two factors from who has a second one', () => {
    assert.deepEqual(proofToAskFor([by('password', 30)], [], NOON), { fresh: 'one-factor' })
    assert.deepEqual(proofToAskFor([by('password', 1)], [anApp], NOON), { fresh: 'two-factors' })
    assert.deepEqual(proofToAskFor([by('password', 30), by('totp', 30)], [anApp], NOON), { fresh: 'two-factors' })
  })

  it('is everything once more where two factors were shown just now and do not count', () => {
    assert.deepEqual(proofToAskFor([by('password', 1), by('sms', 1)], [anApp], NOON), 'all-anew')
    assert.deepEqual(proofToAskFor([by('password', 1), by('sms', 1), by('device', 99)], [anApp], NOON), 'all-anew')
  })

  it('is the missing part alone where one of two is old', () => {
    assert.deepEqual(proofToAskFor([by('password', 30), by('totp', 1)], [anApp], NOON), { fresh: 'two-factors' })
  })
})

describe('who may act on their account', () => {
  it('is nobody who is disabled, gone, or has asked to be deleted', async () => {
    for (const change of [{ enabled: false }, { status: 'DELETING' as const }, { deleteAfter: NOON }]) {
      const { users, pool } = await aJourney()
      const user = aUser(pool.id, change)
      await users.create({ user, names: [], password: null }, { events: [] })
      const found = await presentPerson({ users }, { pool, sub: user.sub })
      assert.deepEqual(found, { ok: false, failure: { code: 'user-missing' } }, JSON.stringify(change))
    }
  })
})
