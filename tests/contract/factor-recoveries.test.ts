import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type FactorRecovery, newFactorRecovery } from '#core/factors/index.ts'
import { alongside, aPoolId, aUser, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore, rounds } from '#tests/support/journey-stores.ts'

const nothing = { events: [] }
const DAYS = 86_400
const PASSWORD_OF = secondsLater(-3_600)
const NEWER_PASSWORD = secondsLater(60)

const aWish = (poolId: string, overrides: Partial<FactorRecovery> = {}): FactorRecovery => ({
  ...newFactorRecovery({ poolId, sub: 'ann', tokenHash: `token-${poolId}`, passwordChangedAt: PASSWORD_OF }, 3, NOON),
  ...overrides,
})

inEveryJourneyStore('requests to replace a lost factor', (stores) => {
  it('come back as they were made, to their own person, and to nobody once their end has come', async () => {
    const { factorRecoveries } = stores()
    const poolId = aPoolId()
    const wish = aWish(poolId)
    assert.equal(await factorRecoveries.find(poolId, 'ann', PASSWORD_OF, NOON), null)
    assert.equal(await factorRecoveries.request(wish, nothing), true)
    assert.deepEqual(await factorRecoveries.find(poolId, 'ann', PASSWORD_OF, NOON), wish)
    assert.deepEqual(await factorRecoveries.findByToken(poolId, wish.tokenHash, NOON), wish)
    assert.equal(await factorRecoveries.find(poolId, 'bo', PASSWORD_OF, NOON), null)
    assert.equal(await factorRecoveries.find(aPoolId(), 'ann', PASSWORD_OF, NOON), null)
    assert.equal(await factorRecoveries.findByToken(aPoolId(), wish.tokenHash, NOON), null)
    assert.equal(await factorRecoveries.find(poolId, 'ann', PASSWORD_OF, secondsLater(10 * DAYS)), null)
    assert.equal(await factorRecoveries.findByToken(poolId, wish.tokenHash, secondsLater(10 * DAYS)), null)
  })

  it('are one a person: asking again neither shortens nor lengthens the wait', async () => {
    const { factorRecoveries } = stores()
    const results = await rounds(20, 20, () => {
      const poolId = aPoolId()
      return (n) => factorRecoveries.request(aWish(poolId, { tokenHash: `token-${poolId}-${n}` }), nothing)
    })
    for (const round of results) assert.equal(round.filter(Boolean).length, 1)
    const poolId = aPoolId()
    await factorRecoveries.request(aWish(poolId), nothing)
    assert.equal(await factorRecoveries.request(aWish(poolId, { readyAt: NOON, tokenHash: 'other' }), nothing), false)
    assert.deepEqual((await factorRecoveries.find(poolId, 'ann', PASSWORD_OF, NOON))?.readyAt, secondsLater(3 * DAYS))
  })

  it('begin anew after a change of password, after they were stopped, and after their end', async () => {
    const { factorRecoveries } = stores()
    const poolId = aPoolId()
    await factorRecoveries.request(aWish(poolId), nothing)
    assert.equal(await factorRecoveries.find(poolId, 'ann', NEWER_PASSWORD, NOON), null)
    const second = aWish(poolId, { passwordChangedAt: NEWER_PASSWORD, tokenHash: 'second' })
    assert.equal(await factorRecoveries.request(second, nothing), true)
    assert.equal(await factorRecoveries.cancel(poolId, 'ann', NOON, nothing), true)
    assert.equal(await factorRecoveries.find(poolId, 'ann', NEWER_PASSWORD, NOON), null)
    const third = aWish(poolId, { passwordChangedAt: NEWER_PASSWORD, tokenHash: 'third', expiresAt: secondsLater(60) })
    assert.equal(await factorRecoveries.request(third, nothing), true)
    const late = { ...third, requestedAt: secondsLater(60), tokenHash: 'fourth' }
    assert.equal(await factorRecoveries.request(late, nothing), true)
  })

  it('are stopped once, by their own link alone', async () => {
    const { factorRecoveries, eventsOf } = stores()
    const poolId = aPoolId()
    const wish = aWish(poolId)
    await factorRecoveries.request(wish, nothing)
    const stop = () => factorRecoveries.cancel(poolId, 'ann', NOON, alongside(poolId, 'factor_recovery.cancelled'))
    assert.equal(await factorRecoveries.cancel(poolId, 'bo', NOON, nothing), false)
    assert.deepEqual([await stop(), await stop()], [true, false])
    assert.equal(await factorRecoveries.findByToken(poolId, wish.tokenHash, NOON), null)
    assert.equal((await eventsOf(poolId)).length, 1)
  })

  it('take factors, codes and browsers away once their time has come: not before, not twice, not with another password', async () => {
    const { factorRecoveries, factors, eventsOf } = stores()
    const poolId = aPoolId()
    const app = {
      poolId,
      id: 'totp',
      kind: 'totp' as const,
      name: null,
      address: null,
      credentialId: null,
      passkey: null,
      counter: 0,
      createdAt: NOON,
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    }
    await factors.enrol({ ...app, sub: 'ann' }, nothing)
    await factors.enrol({ ...app, sub: 'bo' }, nothing)
    await factorRecoveries.request(aWish(poolId), nothing)
    const due = secondsLater(3 * DAYS)
    const complete = (at: Date, changed = PASSWORD_OF, sub = 'ann') =>
      factorRecoveries.complete(poolId, sub, changed, at, alongside(poolId, 'factor_recovery.cancelled'))
    assert.equal(await complete(secondsLater(3 * DAYS - 1)), false)
    assert.equal(await complete(secondsLater(10 * DAYS)), false)
    assert.equal(await complete(due, NEWER_PASSWORD), false)
    assert.equal(await complete(due, PASSWORD_OF, 'bo'), false)
    assert.equal((await factors.list(poolId, 'ann')).length, 1)
    const at = await Promise.all(Array.from({ length: 20 }, () => complete(due)))
    assert.equal(at.filter(Boolean).length, 1)
    assert.deepEqual(await factors.list(poolId, 'ann'), [])
    assert.equal((await factors.list(poolId, 'bo')).length, 1)
    assert.equal((await eventsOf(poolId)).length, 1)
  })

  it('are deleted with their person', async () => {
    const { factorRecoveries, users, isDatabase } = stores()
    // In memory a person is a person alone.
    if (!isDatabase) return
    const user = aUser(aPoolId())
    await users.create({ user, names: [{ kind: 'email', value: `${user.sub}@example.com` }], password: null }, nothing)
    await factorRecoveries.request(aWish(user.poolId, { sub: user.sub }), nothing)
    assert.ok((await users.delete(user.poolId, user.sub, nothing)).ok)
    assert.equal(await factorRecoveries.find(user.poolId, user.sub, PASSWORD_OF, NOON), null)
  })
})
