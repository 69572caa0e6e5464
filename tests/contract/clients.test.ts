import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ClientSettings } from '#core/clients/client-settings.ts'
import type { Result } from '#core/shared/result.ts'
import { aClient, alongside, aPool, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)
const changed = (poolId: string) => alongside(poolId, 'client.changed')
const secret = (id: string, seconds = 0) => ({ id, hash: `hash of ${id}`, createdAt: secondsLater(seconds) })

inEveryStore('app clients', (stores) => {
  const somePool = async () => {
    const pool = aPool()
    await stores().pools.create(pool, alongside(pool.id, 'pool.changed'))
    return pool.id
  }

  it('finds none under an unknown id, name or pool', async () => {
    const { clients } = stores()
    const poolId = await somePool()
    assert.equal(await clients.find(poolId, 'nobody'), null)
    assert.equal(await clients.findByName(poolId, 'nobody'), null)
    assert.deepEqual(await clients.secretHashes(poolId, 'nobody'), [])
    assert.deepEqual(await clients.list(poolId), [])
  })

  it('finds a client by id and by name, and its secret only as a hash', async () => {
    const { clients } = stores()
    const poolId = await somePool()
    const client = aClient(poolId, { settings: { scopes: ['openid', 'api/read'], accessTokenFormat: 'opaque' } })
    assert.deepEqual(await clients.create(client, { id: 's1', hash: 'hash of s1' }, changed(poolId)), {
      ok: true,
      value: client,
    })
    assert.deepEqual(await clients.find(poolId, client.id), client)
    assert.deepEqual(await clients.findByName(poolId, client.name), client)
    assert.deepEqual(await clients.list(poolId), [client])
    assert.deepEqual(await clients.secretHashes(poolId, client.id), ['hash of s1'])
    assert.deepEqual(await clients.secrets(poolId, client.id), [{ id: 's1', createdAt: NOON }])
  })

  it('keeps pools apart: the same id and name in two pools are two clients', async () => {
    const { clients } = stores()
    const [here, there] = [await somePool(), await somePool()]
    const ours = aClient(here)
    await clients.create(ours, { id: 's', hash: 'ours' }, changed(here))
    await clients.create({ ...ours, poolId: there }, { id: 's', hash: 'theirs' }, changed(there))
    await clients.update(here, ours.id, { enabled: false, at: NOON }, changed(here))
    await clients.removeSecret(here, ours.id, 's', changed(here))
    assert.equal((await clients.find(there, ours.id))?.enabled, true)
    assert.deepEqual(await clients.secretHashes(there, ours.id), ['theirs'])
    await clients.delete(here, ours.id, changed(here))
    assert.equal(await clients.find(here, ours.id), null)
    assert.equal((await clients.find(there, ours.id))?.poolId, there)
  })

  it('knows whether an enabled client of the pool has sign-ins judged', async () => {
    const { clients } = stores()
    const [here, there] = [await somePool(), await somePool()]
    const judging = aClient(here, { settings: { threatProtection: { mode: 'audit' } } })
    for (const settings of [{}, { threatProtection: { mode: 'off' as const } }, { threatProtection: {} }])
      await clients.create(aClient(here, { settings }), null, changed(here))
    assert.equal(await clients.anyJudges(here), false)
    await clients.create(judging, null, changed(here))
    await clients.create(aClient(there), null, changed(there))
    assert.deepEqual([await clients.anyJudges(here), await clients.anyJudges(there)], [true, false])
    await clients.update(here, judging.id, { enabled: false, at: NOON }, changed(here))
    assert.equal(await clients.anyJudges(here), false)
    const strict = aClient(there, { settings: { threatProtection: { mode: 'enforce' } } })
    await clients.create(strict, null, changed(there))
    assert.equal(await clients.anyJudges(there), true)
  })

  it('refuses a name in use; of twenty at once exactly one wins', async () => {
    const { clients } = stores()
    const poolId = await somePool()
    const results = await Promise.all(
      Array.from({ length: 20 }, () => clients.create(aClient(poolId, { name: 'contested' }), null, changed(poolId))),
    )
    assert.deepEqual(results.map(codeOf).toSorted(), [...Array(19).fill('already-exists'), 'ok'])
    const other = aClient(poolId)
    await clients.create(other, null, changed(poolId))
    assert.equal(
      codeOf(await clients.update(poolId, other.id, { name: 'contested', at: NOON }, changed(poolId))),
      'already-exists',
    )
  })

  it('bumps the pool’s version with every change, and not with a refused one', async () => {
    const { clients, pools } = stores()
    const poolId = await somePool()
    const version = async () => (await pools.find(poolId))?.version
    const client = aClient(poolId)
    await clients.create(client, null, changed(poolId))
    await clients.update(
      poolId,
      client.id,
      { settings: ClientSettings.parse({ ...client.settings, pkce: 'required' }), at: secondsLater(5) },
      changed(poolId),
    )
    await clients.addSecret(poolId, client.id, secret('s1'), changed(poolId))
    assert.equal(await version(), 4)
    assert.equal(
      codeOf(await clients.update(poolId, 'nobody', { enabled: false, at: NOON }, changed(poolId))),
      'client-unknown',
    )
    assert.equal(codeOf(await clients.delete(poolId, 'nobody', changed(poolId))), 'client-unknown')
    assert.equal(codeOf(await clients.addSecret(poolId, 'nobody', secret('s'), changed(poolId))), 'client-unknown')
    assert.equal(codeOf(await clients.removeSecret(poolId, client.id, 'nothing', changed(poolId))), 'secret-unknown')
    assert.equal(await version(), 4)
    const found = await clients.find(poolId, client.id)
    assert.deepEqual([found?.settings.pkce, found?.updatedAt, found?.createdAt], ['required', secondsLater(5), NOON])
  })

  it('keeps two secrets at most; of ten added at once exactly two stay', async () => {
    const { clients } = stores()
    const poolId = await somePool()
    const client = aClient(poolId)
    await clients.create(client, null, changed(poolId))
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) => clients.addSecret(poolId, client.id, secret(`s${n}`, n), changed(poolId))),
    )
    assert.deepEqual(results.map(codeOf).toSorted(), ['ok', 'ok', ...Array(8).fill('state-refused')])
    assert.equal((await clients.secretHashes(poolId, client.id)).length, 2)
  })

  it('rotates: the old secret works beside the new one until it is removed', async () => {
    const { clients } = stores()
    const poolId = await somePool()
    const client = aClient(poolId)
    await clients.create(client, { id: 'old', hash: 'hash of old' }, changed(poolId))
    await clients.addSecret(poolId, client.id, secret('new', 5), changed(poolId))
    assert.deepEqual((await clients.secretHashes(poolId, client.id)).toSorted(), ['hash of new', 'hash of old'])
    assert.deepEqual(
      (await clients.secrets(poolId, client.id)).map(({ id }) => id),
      ['old', 'new'],
    )
    await clients.removeSecret(poolId, client.id, 'old', changed(poolId))
    assert.deepEqual(await clients.secretHashes(poolId, client.id), ['hash of new'])
  })

  it('takes its secrets along when it goes: a client made anew under its id has none', async () => {
    const { clients } = stores()
    const poolId = await somePool()
    const client = aClient(poolId)
    await clients.create(client, { id: 's', hash: 'h' }, changed(poolId))
    await clients.delete(poolId, client.id, changed(poolId))
    await clients.create(client, null, changed(poolId))
    assert.deepEqual(await clients.secretHashes(poolId, client.id), [])
  })
})
