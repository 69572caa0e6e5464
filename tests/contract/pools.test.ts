import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { openDatabase } from '#adapters/postgres/database.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { POOL_CHANNEL } from '#adapters/postgres/write-together.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { PoolSettings } from '#core/pools/pool-settings.ts'
import type { Result } from '#core/shared/result.ts'
import { aClient, alongside, aNewUser, aPassword, aPool, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { type FreshDatabase, freshDatabase } from '#tests/support/database.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)
const changed = (poolId: string) => alongside(poolId, 'pool.changed')

inEveryStore('pools', (stores) => {
  it('finds none under an unknown id or name', async () => {
    assert.equal(await stores().pools.find(aPoolId()), null)
    assert.equal(await stores().pools.findByName('nobody'), null)
  })

  it('finds a pool by id and by name, with all of its settings', async () => {
    const { pools } = stores()
    const pool = aPool({
      settings: {
        signInNames: ['username'],
        attributes: { 'custom:team': { label: { de: 'Gruppe' } } },
        session: { maxMinutes: 30 },
      },
    })
    assert.deepEqual(await pools.create(pool, changed(pool.id)), { ok: true, value: pool })
    assert.deepEqual(await pools.find(pool.id), pool)
    assert.deepEqual(await pools.findByName(pool.name), pool)
    assert.ok((await pools.list()).some(({ id }) => id === pool.id))
  })

  it('refuses a name in use, and a rename to one, and writes nothing about it', async () => {
    const { pools, written } = stores()
    const [one, two] = [aPool(), aPool()]
    for (const pool of [one, two]) await pools.create(pool, changed(pool.id))
    const third = aPool({ name: one.name })
    assert.equal(codeOf(await pools.create(third, changed(third.id))), 'already-exists')
    assert.equal(codeOf(await pools.create(aPool({ id: one.id }), changed(one.id))), 'already-exists')
    assert.equal(codeOf(await pools.update(two.id, { name: one.name, at: NOON }, changed(two.id))), 'already-exists')
    assert.equal((await pools.find(two.id))?.version, 1)
    assert.deepEqual([(await written(third.id)).events, (await written(two.id)).events], [[], ['pool.changed']])
  })

  it('lets exactly one of twenty have a name', async () => {
    const { pools } = stores()
    const results = await Promise.all(
      Array.from({ length: 20 }, () => aPool({ name: 'contested' })).map((pool) =>
        pools.create(pool, changed(pool.id)),
      ),
    )
    assert.equal(results.filter((result) => result.ok).length, 1)
    assert.ok(results.every((result) => ['ok', 'already-exists'].includes(codeOf(result))))
  })

  it('bumps the version with every change, also when many come at once', async () => {
    const { pools } = stores()
    const pool = aPool()
    await pools.create(pool, changed(pool.id))
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        pools.update(
          pool.id,
          { settings: PoolSettings.parse({ owner: `owner ${n}` }), at: secondsLater(n) },
          changed(pool.id),
        ),
      ),
    )
    assert.deepEqual(
      results.map((result) => result.ok && result.value.version).sort(),
      [10, 11, 2, 3, 4, 5, 6, 7, 8, 9],
    )
    assert.equal((await pools.find(pool.id))?.version, 11)
  })

  it('refuses to change or delete a pool that is not there', async () => {
    const { pools, resourceServers, clients } = stores()
    const poolId = aPoolId()
    assert.equal(codeOf(await pools.update(poolId, { name: 'x', at: NOON }, changed(poolId))), 'pool-unknown')
    assert.equal(codeOf(await pools.delete(poolId, changed(poolId))), 'pool-unknown')
    assert.equal(
      codeOf(await resourceServers.put({ poolId, identifier: 'x', name: 'x', scopes: [] }, changed(poolId))),
      'pool-unknown',
    )
    assert.equal(codeOf(await clients.create(aClient(poolId), null, changed(poolId))), 'pool-unknown')
  })

  it('deletes a pool; its name is free at once', async () => {
    const { pools, written } = stores()
    const pool = aPool()
    await pools.create(pool, changed(pool.id))
    assert.equal(codeOf(await pools.delete(pool.id, changed(pool.id))), 'ok')
    assert.equal(await pools.find(pool.id), null)
    const successor = aPool({ name: pool.name })
    assert.equal(codeOf(await pools.create(successor, changed(successor.id))), 'ok')
    assert.deepEqual((await written(pool.id)).events, ['pool.changed', 'pool.changed'])
  })
})

inEveryStore('resource servers', (stores) => {
  it('belong to their pool alone, are replaced whole, and bump its version', async () => {
    const { pools, resourceServers } = stores()
    const [here, there] = [aPool(), aPool()]
    for (const pool of [here, there]) await pools.create(pool, changed(pool.id))
    const server = {
      poolId: here.id,
      identifier: 'https://api.example.com',
      name: 'API',
      scopes: [{ name: 'read', description: 'Read' }],
    }
    await resourceServers.put(server, changed(here.id))
    await resourceServers.put({ ...server, poolId: there.id, name: 'Other', scopes: [] }, changed(there.id))
    const replaced = { ...server, scopes: [{ name: 'write', description: 'Write' }] }
    await resourceServers.put(replaced, changed(here.id))
    assert.deepEqual(await resourceServers.list(here.id), [replaced])
    assert.deepEqual([(await pools.find(here.id))?.version, (await pools.find(there.id))?.version], [3, 2])

    assert.equal(
      codeOf(await resourceServers.delete(here.id, 'https://other.example.com', changed(here.id))),
      'resource-server-unknown',
    )
    assert.equal((await pools.find(here.id))?.version, 3)
    assert.equal(codeOf(await resourceServers.delete(here.id, server.identifier, changed(here.id))), 'ok')
    assert.deepEqual(await resourceServers.list(here.id), [])
    assert.equal((await resourceServers.list(there.id)).length, 1)
  })
})

describe('a pool in PostgreSQL', () => {
  let fresh: FreshDatabase
  before(async () => {
    fresh = await freshDatabase()
  })
  after(() => fresh.drop())

  it('takes every row of its own with it and none of another, and leaves its events', async (t) => {
    const database = openDatabase({ connectionString: fresh.connectionString, maxConnections: 4, onError: () => {} })
    t.after(() => database.close())
    const store = { prisma: database.prisma, secrets: keyRing('x'.repeat(43)) }
    const [pools, users] = [prismaPools(store), prismaUsers(store)]
    const [doomed, other] = [aPool(), aPool()]
    for (const pool of [doomed, other]) await pools.create(pool, changed(pool.id))
    for (const { id } of [doomed, other])
      await users.create(
        aNewUser(id, ['ann'], { password: aPassword('x') }),
        alongside(id, 'user.created', 'invitation'),
      )

    // Every table with a pool_id, so that one added later and forgotten here is noticed.
    const { rows } = await database.pool.query<{ name: string; columns: string }>(
      `SELECT table_name AS name, string_agg(column_name || ' ' || data_type, ',') AS columns FROM information_schema.columns
       WHERE table_schema = 'public' GROUP BY table_name HAVING bool_or(column_name = 'pool_id')`,
    )
    await pools.delete(doomed.id, changed(doomed.id))
    for (const { name } of rows) {
      const { rows: left } = await database.pool.query(`SELECT 1 FROM ${name} WHERE pool_id = $1`, [doomed.id])
      assert.equal(left.length > 0, name === 'auth_event', name)
      const source = await database.pool.query(`SELECT count(*)::int AS count FROM ${name} WHERE pool_id = $1`, [
        other.id,
      ])
      if (['user_account', 'password', 'sign_in_name', 'outbox'].includes(name))
        assert.equal(source.rows[0]?.count, 1, name)
    }
    const covered = (await import('#adapters/postgres/prisma-pools.ts')).TABLES_OF_A_POOL
    assert.deepEqual(
      rows
        .map(({ name }) => name)
        .filter((name) => name !== 'auth_event')
        .sort(),
      [...covered].sort(),
    )
  })

  it('tells every process when it changed, at commit and not when the change was refused', async (t) => {
    const database = openDatabase({ connectionString: fresh.connectionString, maxConnections: 4, onError: () => {} })
    t.after(() => database.close())
    const pools = prismaPools({ prisma: database.prisma, secrets: keyRing('x'.repeat(43)) })
    const listener = new pg.Client({ connectionString: fresh.connectionString })
    await listener.connect()
    t.after(() => listener.end())
    const told: (string | undefined)[] = []
    listener.on('notification', ({ payload }) => told.push(payload))
    await listener.query(`LISTEN ${POOL_CHANNEL}`)

    const [one, two] = [aPool(), aPool()]
    for (const pool of [one, two]) await pools.create(pool, changed(pool.id))
    await pools.update(two.id, { name: one.name, at: NOON }, changed(two.id))
    await pools.update(one.id, { name: 'renamed', at: NOON }, changed(one.id))
    await pools.delete(two.id, changed(two.id))
    await listener.query('SELECT 1') // what was sent before it has arrived with its answer
    assert.deepEqual(told, [one.id, two.id])
  })
})
