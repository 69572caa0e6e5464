/** Which apps are queued to be told, for every statement that ends sessions. PostgreSQL alone: the acts and the artefacts meet there. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type Database, openDatabase } from '#adapters/postgres/database.ts'
import { pgArtifacts } from '#adapters/postgres/pg-artifacts.ts'
import { pgDeletions } from '#adapters/postgres/pg-deletions.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgOwnSessions } from '#adapters/postgres/pg-own-sessions.ts'
import { pgSignOuts } from '#adapters/postgres/pg-sign-outs.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import {
  aClient,
  aNewUser,
  anEvent,
  anIdentity,
  aPassword,
  aPool,
  aProvider,
  NOON,
  secondsLater,
} from '#tests/support/builders.ts'
import { type FreshDatabase, freshDatabase } from '#tests/support/database.ts'

const secrets = keyRing(randomBytes(32).toString('base64url'))
const nothing = { events: [] }
let now = NOON
let fresh: FreshDatabase
let database: Database
before(async () => {
  fresh = await freshDatabase()
  database = openDatabase({ connectionString: fresh.connectionString, maxConnections: 5, onError: () => {} })
})
after(async () => {
  await database?.close()
  await fresh?.drop()
})

/** A person of a pool with one app that asked to be told, and one that did not. */
const setUp = async () => {
  now = NOON
  const store = { prisma: database.prisma, secrets }
  const pool = aPool()
  const [shop, quiet] = [
    aClient(pool.id, { settings: { backchannelLogoutUrl: 'https://shop.example/out' } }),
    aClient(pool.id),
  ]
  await prismaPools(store).create(pool, nothing)
  for (const client of [shop, quiet]) await prismaClients(store).create(client, null, nothing)
  const users = prismaUsers(store)
  const made = aNewUser(pool.id, ['ann'])
  await users.create(made, nothing)
  const provider = await prismaProviders({ ...store, pool: database.pool }).create(aProvider(pool.id), null, nothing)
  assert.ok(provider.ok)
  const { sub } = made.user
  const artifacts = pgArtifacts(database, secrets, () => now).forPool(pool.id)
  const at = (seconds: number): Date => {
    now = secondsLater(seconds)
    return now
  }
  return {
    poolId: pool.id,
    sub,
    users,
    shop,
    at,
    sessions: pgOwnSessions(database, secrets, () => now),
    deletions: pgDeletions(database, secrets),
    identities: pgIdentities(database, secrets),
    /** A sign-in of the person at both apps, with a session of ten minutes. */
    async signIn(sid: string, accountId = sub) {
      const loginTs = Math.floor(now.getTime() / 1000)
      const authorizations = {
        [shop.id]: { sid, grantId: `grant-${sid}` },
        [quiet.id]: { sid: `quiet-${sid}`, grantId: `quiet-grant-${sid}` },
      }
      await artifacts.upsert('Session', `cookie-${sid}`, { uid: sid, accountId, loginTs, authorizations }, 600)
      const token = { accountId, clientId: shop.id, grantId: `grant-${sid}`, authTime: loginTs, sid }
      await artifacts.upsert('Grant', `grant-${sid}`, { accountId, clientId: shop.id }, 86_400)
      await artifacts.upsert('RefreshToken', `token-${sid}`, token, 86_400)
    },
    /** `sid` of what is to be told since the last look. */
    async told(): Promise<(string | null)[]> {
      const queue = pgSignOuts(database, secrets)
      const claimed = await queue.claim({ limit: 50, perApp: 50, now: secondsLater(1e6), leaseSeconds: 1 })
      for (const each of claimed) {
        assert.deepEqual([each.poolId, each.clientId, each.sub], [pool.id, shop.id, sub])
        await queue.settle(each, nothing)
      }
      return claimed.map(({ sid }) => sid).sort()
    },
  }
}

describe('apps are queued to be told', () => {
  it('of every session before a cut-off, once, and of none after it', async () => {
    const { poolId, sub, users, signIn, told, at } = await setUp()
    await signIn('early')
    at(10)
    await signIn('late')
    const cutOff = { sessionsValidAfter: secondsLater(5), at: at(20) }
    await users.update(poolId, sub, cutOff, nothing)
    assert.deepEqual(await told(), ['early'])
    await users.update(poolId, sub, cutOff, nothing)
    assert.deepEqual(await told(), [])
    await users.setPassword(
      poolId,
      sub,
      { password: aPassword('x'), historySize: 0, sessionsValidAfter: at(30), at: now },
      nothing,
    )
    assert.deepEqual(await told(), ['late'])
  })

  it('where the person is disabled, deleted, or on the way out', async () => {
    for (const end of ['disable', 'delete', 'schedule'] as const) {
      const { poolId, sub, users, deletions, sessions, signIn, told, at } = await setUp()
      await signIn('one')
      at(20)
      if (end === 'disable') await users.update(poolId, sub, { enabled: false, at: now }, nothing)
      else if (end === 'delete') await users.delete(poolId, sub, { events: [anEvent(poolId, 'user.deleted')] })
      else {
        await deletions.schedule(poolId, sub, secondsLater(1e5), now, nothing)
        await sessions.endOthers(poolId, sub, null, nothing)
      }
      assert.deepEqual(await told(), ['one'], end)
    }
  })

  it('by an ended session, by its ended app, and by the end of all others', async () => {
    const { poolId, sub, sessions, signIn, told, at } = await setUp()
    for (const sid of ['a', 'b', 'c', 'd']) await signIn(sid)
    at(20)
    assert.ok((await sessions.end(poolId, sub, sessions.idOf(poolId, 'a'), nothing)).ok)
    assert.equal((await sessions.end(poolId, sub, sessions.idOf(poolId, 'a'), nothing)).ok, false)
    assert.deepEqual(await told(), ['a'])
    await sessions.endOthers(poolId, sub, sessions.idOf(poolId, 'b'), nothing)
    assert.deepEqual(await told(), ['c', 'd'])
    // The session is over by now; its app goes on.
    at(700)
    const [going] = await sessions.list(poolId, sub)
    assert.equal(going?.kind, 'app')
    await sessions.end(poolId, sub, going?.id ?? '', nothing)
    assert.deepEqual(await told(), ['b'])
  })

  it('of all others by a disconnected identity, in the transaction that disconnects it', async () => {
    const { poolId, sub, sessions, identities, signIn, told, at } = await setUp()
    const identity = anIdentity(poolId)
    assert.ok((await identities.link(identity, sub, nothing)).ok)
    for (const sid of ['here', 'there']) await signIn(sid)
    const how = { endSessionsAt: at(20), keepSession: sessions.idOf(poolId, 'here') }
    const live = async () => (await sessions.list(poolId, sub)).length
    const event = anEvent(poolId, 'identity.unlinked')
    await assert.rejects(identities.unlink(identity, sub, { events: [event, { ...event, poolId: 'x\0' }] }, how))
    assert.equal((await identities.unlink(identity, sub, nothing, { ...how, keepOneOf: ['Other'] })).ok, false)
    assert.deepEqual([await live(), (await identities.list(poolId, sub)).length], [2, 1])
    assert.deepEqual(await told(), [])
    assert.ok((await identities.unlink(identity, sub, { events: [event] }, how)).ok)
    assert.deepEqual(
      (await sessions.list(poolId, sub)).map(({ id }) => id),
      [how.keepSession],
    )
    assert.deepEqual(await told(), ['there'])
  })

  it('of a session that expired only while its app goes on', async () => {
    const { poolId, sub, users, signIn, told, at } = await setUp()
    await signIn('one')
    at(700)
    await users.update(poolId, sub, { sessionsValidAfter: now, at: now }, nothing)
    assert.deepEqual(await told(), ['one'])
    await signIn('two')
    at(90_000)
    await users.update(poolId, sub, { sessionsValidAfter: now, at: now }, nothing)
    assert.deepEqual(await told(), [])
  })

  it('of nobody else’s session, and of nothing that was taken back', async () => {
    const { poolId, sub, users, signIn, told, at } = await setUp()
    const other = aNewUser(poolId, ['bo'])
    await users.create(other, nothing)
    await signIn('hers')
    await signIn('his', other.user.sub)
    at(20)
    const [taken] = other.names
    assert.ok(taken)
    const refused = await users.update(poolId, sub, { names: [taken], sessionsValidAfter: now, at: now }, nothing)
    assert.equal(refused.ok, false)
    assert.deepEqual(await told(), [])
    await users.update(poolId, sub, { sessionsValidAfter: now, at: now }, nothing)
    assert.deepEqual(await told(), ['hers'])
  })
})
