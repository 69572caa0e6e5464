import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ENTITY_ID_TAKEN } from '#core/clients/client-settings.ts'
import { aClient, alongside, aPool, secondsLater } from '#tests/support/builders.ts'
import { clientOf, testSp } from '#tests/support/saml/test-sp.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const sp = testSp()

inEveryStore('SAML clients by entity id', (stores) => {
  const somePool = async (): Promise<string> => {
    const pool = aPool()
    await stores().pools.create(pool, alongside(pool.id, 'pool.changed'))
    return pool.id
  }
  const make = async (poolId: string, entityId = sp.entityId): Promise<string> => {
    const client = aClient(poolId, { settings: clientOf({ ...sp, entityId }) })
    await stores().clients.create(client, null, alongside(poolId, 'client.changed'))
    return client.id
  }

  it('are none in a pool that has none, whatever other pools have', async () => {
    const [here, there] = [await somePool(), await somePool()]
    await make(there)
    assert.equal(await stores().samlApps.findByEntityId(here, sp.entityId), null)
  })

  it('are found to the letter', async () => {
    const poolId = await somePool()
    const id = await make(poolId)
    const find = (entityId: string) => stores().samlApps.findByEntityId(poolId, entityId)
    assert.equal(await find(sp.entityId), id)
    for (const other of [`${sp.entityId}/`, sp.entityId.toUpperCase(), '%', '']) assert.equal(await find(other), null)
  })

  it('are not found while they are disabled', async () => {
    const poolId = await somePool()
    const id = await make(poolId)
    const disabling = { enabled: false, at: secondsLater(1) }
    await stores().clients.update(poolId, id, disabling, alongside(poolId, 'client.changed'))
    assert.equal(await stores().samlApps.findByEntityId(poolId, sp.entityId), null)
  })

  it('are one: of two at once exactly one is made, and no other takes its id later, disabled or not', async () => {
    const { clients, samlApps } = stores()
    const [poolId, there] = [await somePool(), await somePool()]
    const { settings } = aClient(poolId, { settings: clientOf(sp) })
    const changed = alongside(poolId, 'client.changed')
    const made = await Promise.all([1, 2].map(() => clients.create(aClient(poolId, { settings }), null, changed)))
    const refusals = made.flatMap((each) => (each.ok ? [] : [each.failure]))
    assert.deepEqual(refusals, [ENTITY_ID_TAKEN])
    const [winner] = made.flatMap((each) => (each.ok ? [each.value.id] : []))
    assert.equal(await samlApps.findByEntityId(poolId, sp.entityId), winner)

    const other = aClient(poolId, { settings: clientOf({ ...sp, entityId: 'https://other.example' }) })
    await clients.create(other, null, changed)
    const [from, at] = [{ enabled: false, at: secondsLater(1) }, secondsLater(2)]
    await clients.update(poolId, winner ?? '', from, changed)
    const taken = aClient(poolId, { settings }).settings
    const taking = await clients.update(poolId, other.id, { settings: taken, at }, changed)
    assert.deepEqual(taking, { ok: false, failure: ENTITY_ID_TAKEN })
    assert.ok((await clients.update(poolId, other.id, { settings: other.settings, at }, changed)).ok)
    assert.ok((await clients.create(aClient(there, { settings }), null, alongside(there, 'client.changed'))).ok)
  })
})
