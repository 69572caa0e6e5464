import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgEvents } from '#adapters/postgres/pg-events.ts'
import { pgSignOuts } from '#adapters/postgres/pg-sign-outs.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { ClaimedSignOut, SignOutQueue } from '#core/sign-out/index.ts'
import { aClient, anEvent, aPool, NOON, secondsLater } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memorySignOuts } from '#tests/support/memory/sign-outs.ts'

const backchannelLogoutUrl = 'https://app.example.com/signed-out'

interface Subject {
  queue: SignOutQueue
  /** An app that asked to be told, in a pool of its own. */
  app(): Promise<{ poolId: string; clientId: string }>
  /** Ends a session, so many seconds after noon. */
  end(app: { poolId: string; clientId: string }, seconds?: number, sid?: string | null): Promise<void>
  /** Events about an app's sign-outs. */
  events(poolId: string): Promise<number>
  close(): Promise<void>
}

const inMemory = async (): Promise<Subject> => {
  const book = ledger()
  const queue = memorySignOuts(book)
  return {
    queue,
    async app() {
      const { id, poolId } = aClient(aPool().id)
      return { poolId, clientId: id }
    },
    end: async (app, seconds = 0, sid = 'session') => queue.add({ ...app, sub: 'ann', sid, at: secondsLater(seconds) }),
    events: async (poolId) => book.events.filter((event) => event.poolId === poolId).length,
    close: async () => {},
  }
}

const inPostgres = async (): Promise<Subject> => {
  const { connectionString, drop } = await freshDatabase()
  const database = openDatabase({ connectionString, maxConnections: 10, onError: () => {} })
  const secrets = keyRing(randomBytes(32).toString('base64url'))
  const store = { prisma: database.prisma, secrets }
  const events = pgEvents(database, secrets)
  return {
    queue: pgSignOuts(database, secrets),
    async app() {
      const pool = aPool()
      const client = aClient(pool.id, { settings: { backchannelLogoutUrl } })
      await prismaPools(store).create(pool, { events: [] })
      await prismaClients(store).create(client, null, { events: [] })
      return { poolId: pool.id, clientId: client.id }
    },
    end: (app, seconds = 0, sid = 'session') =>
      events.write({ events: [], signOuts: [{ ...app, sub: 'ann', sid, at: secondsLater(seconds) }] }),
    async events(poolId) {
      const { rows } = await database.pool.query('SELECT id FROM auth_event WHERE pool_id = $1', [poolId])
      return rows.length
    },
    async close() {
      await events.stop()
      await database.close()
      await drop()
    },
  }
}

const appsOf = (claimed: readonly ClaimedSignOut[]) => claimed.map(({ clientId }) => clientId)

for (const [place, open] of Object.entries({ 'in memory': inMemory, 'in PostgreSQL': inPostgres })) {
  describe(`sign-outs that apps are to be told of, ${place}`, () => {
    let subject: Subject
    before(async () => {
      subject = await open()
    })
    after(() => subject?.close())

    const claim = (seconds = 1, { limit = 50, perApp = 4 } = {}) =>
      subject.queue.claim({ limit, perApp, now: secondsLater(seconds), leaseSeconds: 30 })
    /** Takes everything away that is due at that moment. */
    const only = async (seconds = 1): Promise<ClaimedSignOut> => {
      const [claimed, ...more] = await claim(seconds)
      assert.ok(claimed)
      assert.deepEqual(more, [])
      return claimed
    }
    const told = ({ poolId }: { poolId: string }) => ({ events: [anEvent(poolId, 'sign_out.told')] })

    it('are handed out as they were queued, and gone once settled, with their event', async () => {
      const app = await subject.app()
      await subject.end(app, 0, null)
      const claimed = await only()
      const { id: _, ...rest } = claimed
      assert.deepEqual(rest, { ...app, sub: 'ann', sid: null, at: NOON, attempt: 1 })
      await subject.queue.settle(claimed, told(app))
      await subject.queue.settle(claimed, told(app))
      assert.equal(await subject.events(app.poolId), 1)
      assert.deepEqual(await subject.queue.counts(), { waiting: 0, dead: 0, oldestAt: null })
    })

    it('are handed to one of many workers', async () => {
      const apps = await Promise.all([1, 2, 3, 4, 5].map(() => subject.app()))
      for (const app of apps) await subject.end(app)
      const taken = await Promise.all(Array.from({ length: 10 }, () => claim()))
      assert.deepEqual(taken.flatMap(appsOf).sort(), apps.map(({ clientId }) => clientId).sort())
      for (const each of taken.flat()) await subject.queue.settle(each, { events: [] })
    })

    it('leave room for other apps where one has many', async () => {
      const [busy, other] = [await subject.app(), await subject.app()]
      for (let n = 0; n < 5; n += 1) await subject.end(busy)
      const first = await claim(1, { perApp: 2 })
      assert.deepEqual(appsOf(first), [busy.clientId, busy.clientId])
      await subject.end(other)
      const second = await claim(2, { perApp: 2 })
      assert.deepEqual(appsOf(second), [other.clientId])
      const [done, late] = first
      assert.ok(done && late)
      await subject.queue.settle(done, { events: [] })
      const third = await claim(3, { perApp: 2 })
      assert.deepEqual(appsOf(third), [busy.clientId])
      const rest = await claim(90, { perApp: 9 })
      for (const each of rest) await subject.queue.settle(each, { events: [] })
      assert.equal((await subject.queue.counts()).waiting, 0)
    })

    it('come again when a lease ends without a word, and the former holder changes nothing', async () => {
      const app = await subject.app()
      await subject.end(app)
      const lost = await only()
      assert.deepEqual(await claim(30), [])
      const found = await only(31)
      assert.equal(found.attempt, 2)
      await subject.queue.retry(lost, { error: 'late', nextAttemptAt: NOON })
      await subject.queue.bury(lost, { error: 'late' }, told(app))
      assert.deepEqual([await claim(32), await subject.events(app.poolId)], [[], 0])
      // It was told all the same.
      await subject.queue.settle(lost, told(app))
      await subject.queue.settle(found, told(app))
      assert.equal(await subject.events(app.poolId), 1)
    })

    it('wait for their next attempt', async () => {
      const app = await subject.app()
      await subject.end(app)
      await subject.queue.retry(await only(), { error: 'it answered 503', nextAttemptAt: secondsLater(60) })
      assert.deepEqual(await claim(59), [])
      const { waiting, oldestAt } = await subject.queue.counts()
      assert.deepEqual([waiting, oldestAt], [1, NOON])
      await subject.queue.settle(await only(60), { events: [] })
    })

    it('are dead once given up, until they are swept', async () => {
      const app = await subject.app()
      await subject.end(app)
      await subject.queue.bury(await only(), { error: 'it answered 400' }, told(app))
      assert.deepEqual(await claim(4000), [])
      assert.equal(await subject.events(app.poolId), 1)
      assert.deepEqual(await subject.queue.counts(), { waiting: 0, dead: 1, oldestAt: null })
      assert.equal(await subject.queue.sweep(NOON), 0)
      assert.equal(await subject.queue.sweep(secondsLater(1)), 1)
    })
  })
}

describe('sign-outs in PostgreSQL', () => {
  it('are queued for nobody who did not ask, who is disabled, or who is of another pool', async (t) => {
    const { connectionString, drop } = await freshDatabase()
    const database = openDatabase({ connectionString, maxConnections: 2, onError: () => {} })
    t.after(async () => {
      await database.close()
      await drop()
    })
    const store = { prisma: database.prisma, secrets: keyRing(randomBytes(32).toString('base64url')) }
    const pool = aPool()
    await prismaPools(store).create(pool, { events: [] })
    const quiet = aClient(pool.id)
    const off = aClient(pool.id, { enabled: false, settings: { backchannelLogoutUrl } })
    const asked = aClient(pool.id, { settings: { backchannelLogoutUrl } })
    for (const client of [quiet, off, asked]) await prismaClients(store).create(client, null, { events: [] })
    const of = (poolId: string, clientId: string) => ({ poolId, clientId, sub: 'ann', sid: 'session', at: NOON })
    const events = pgEvents(database, store.secrets)
    await events.write({
      events: [],
      signOuts: [of(pool.id, quiet.id), of(pool.id, off.id), of('another', asked.id), of(pool.id, 'nobody')],
    })
    await events.stop()
    assert.equal((await pgSignOuts(database, store.secrets).counts()).waiting, 0)
  })
})
