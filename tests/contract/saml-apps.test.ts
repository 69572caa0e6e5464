import assert from 'node:assert/strict'
import { it } from 'node:test'
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

  it('are not found once they are disabled, nor where two say that they are the same', async () => {
    const poolId = await somePool()
    const id = await make(poolId)
    await make(poolId)
    const find = () => stores().samlApps.findByEntityId(poolId, sp.entityId)
    assert.equal(await find(), null)
    const disabling = { enabled: false, at: secondsLater(1) }
    await stores().clients.update(poolId, id, disabling, alongside(poolId, 'client.changed'))
    assert.notEqual(await find(), null)
    assert.notEqual(await find(), id)
  })
})
