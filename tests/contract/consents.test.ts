import assert from 'node:assert/strict'
import { it } from 'node:test'
import { alongside, anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore } from '#tests/support/journey-stores.ts'

const nothing = { events: [] }

inEveryJourneyStore('consents', (stores) => {
  it('are none before somebody was asked', async () => {
    assert.deepEqual(await stores().consents.scopes(aPoolId(), 'ann', 'shop'), [])
  })

  it('add up, each scope once', async () => {
    const { consents } = stores()
    const poolId = aPoolId()
    await consents.grant(poolId, 'ann', 'shop', ['email', 'profile'], NOON, nothing)
    await consents.grant(poolId, 'ann', 'shop', ['phone', 'email'], secondsLater(1), nothing)
    assert.deepEqual(await consents.scopes(poolId, 'ann', 'shop'), ['email', 'phone', 'profile'])
  })

  it('lose none when given at the same time', async () => {
    const { consents } = stores()
    const poolId = aPoolId()
    const scopes = Array.from({ length: 20 }, (_, n) => `scope-${String(n).padStart(2, '0')}`)
    await Promise.all(scopes.map((scope) => consents.grant(poolId, 'ann', 'shop', [scope], NOON, nothing)))
    assert.deepEqual(await consents.scopes(poolId, 'ann', 'shop'), scopes)
  })

  it('belong to one person, one app and one pool', async () => {
    const { consents } = stores()
    const poolId = aPoolId()
    await consents.grant(poolId, 'ann', 'shop', ['email'], NOON, nothing)
    assert.deepEqual(await consents.scopes(poolId, 'bo', 'shop'), [])
    assert.deepEqual(await consents.scopes(poolId, 'ann', 'blog'), [])
    assert.deepEqual(await consents.scopes(aPoolId(), 'ann', 'shop'), [])
  })

  it('are written with their event, or not at all', async () => {
    const { consents, eventsOf, isDatabase } = stores()
    const poolId = aPoolId()
    await consents.grant(poolId, 'ann', 'shop', ['email'], NOON, alongside(poolId, 'consent.granted'))
    assert.deepEqual(
      (await eventsOf(poolId)).map(({ type }) => type),
      ['consent.granted'],
    )
    if (!isDatabase) return
    const impossible = { events: [{ ...anEvent(poolId, 'consent.granted'), id: 'not a uuid' }] }
    await assert.rejects(consents.grant(poolId, 'ann', 'shop', ['phone'], NOON, impossible))
    assert.deepEqual(await consents.scopes(poolId, 'ann', 'shop'), ['email'])
  })
})
