import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { eventStatement } from '#adapters/postgres/alongside.ts'
import { type Database, openDatabase } from '#adapters/postgres/database.ts'
import { pgEventFeed } from '#adapters/postgres/pg-event-feed.ts'
import { pgEvents } from '#adapters/postgres/pg-events.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { EventFeed } from '#core/events/index.ts'
import { anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { allSettled, inEveryJourneyStore } from '#tests/support/journey-stores.ts'

const LEASE_SECONDS = 60
const claimOf =
  (feed: EventFeed, sink: string, lease = 'one') =>
  (limit = 10, now = NOON) =>
    feed.claim({ sink, lease, now, leaseSeconds: LEASE_SECONDS, limit })

inEveryJourneyStore('the feed of events', (stores) => {
  it('begins with what happens after the sink was first seen', async () => {
    const { feed, events, settled } = stores()
    await events.write({ events: [anEvent(aPoolId(), 'sign_in')] })
    await settled()
    const claim = claimOf(feed, 'new')
    assert.deepEqual((await claim())?.events, [])
    const event = anEvent(aPoolId(), 'sign_in')
    await events.write({ events: [event] })
    await settled()
    assert.deepEqual((await claim())?.events, [event])
  })

  it('gives the same until it is told that they were taken, then the next, of every pool', async () => {
    const { feed, events, settled } = stores()
    const claim = claimOf(feed, 'paged')
    await claim()
    const written = Array.from({ length: 5 }, (_, n) => anEvent(aPoolId(), 'sign_in', { sub: `person ${n}` }))
    for (const event of written) await events.write({ events: [event] })
    await settled()
    const first = await claim(2)
    assert.deepEqual(await claim(2), first)
    const seen: string[] = []
    for (let batch = first; batch !== null && batch.events.length > 0; batch = await claim(2)) {
      seen.push(...batch.events.map(({ id }) => id))
      await feed.advance('paged', 'one', batch.position, NOON)
    }
    assert.deepEqual(
      seen,
      written.map(({ id }) => id),
    )
  })

  it('has its own place for each sink', async () => {
    const { feed, events, settled } = stores()
    const [left, right] = [claimOf(feed, 'left'), claimOf(feed, 'right')]
    await left()
    await right()
    await events.write({ events: [anEvent(aPoolId(), 'sign_in')] })
    await settled()
    const taken = await left()
    await feed.advance('left', 'one', taken?.position ?? '', NOON)
    assert.deepEqual([(await left())?.events.length, (await right())?.events.length], [0, 1])
  })

  it('is read by one worker at a time: another comes in when the lease is over or given back', async () => {
    const { feed, events, settled } = stores()
    const [one, two] = [claimOf(feed, 'shared'), claimOf(feed, 'shared', 'two')]
    await one()
    await events.write({ events: [anEvent(aPoolId(), 'sign_in')] })
    await settled()
    assert.equal(await two(), null)
    assert.equal((await two(10, secondsLater(LEASE_SECONDS)))?.events.length, 1)
    const late = await one()
    assert.equal(late, null)
    await feed.release('shared', 'one')
    assert.equal(await one(10, secondsLater(LEASE_SECONDS + 1)), null)
    await feed.release('shared', 'two')
    assert.equal((await one(10, secondsLater(LEASE_SECONDS + 1)))?.events.length, 1)
  })

  it('does not move for a worker whose lease went to another', async () => {
    const { feed, events, settled } = stores()
    const [one, two] = [claimOf(feed, 'stolen'), claimOf(feed, 'stolen', 'two')]
    await one()
    await events.write({ events: [anEvent(aPoolId(), 'sign_in')] })
    await settled()
    const batch = await one()
    await two(10, secondsLater(LEASE_SECONDS))
    await feed.advance('stolen', 'one', batch?.position ?? '', NOON)
    assert.equal((await two(10, secondsLater(LEASE_SECONDS)))?.events.length, 1)
  })

  it('is claimed by one of twenty at once', async () => {
    const { feed } = stores()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => claimOf(feed, 'crowd', `worker ${n}`)()))
    assert.equal(answers.filter((answer) => answer !== null).length, 1)
  })

  it('brings an announced event again when it is completed', async () => {
    const { feed, events, settled } = stores()
    const claim = claimOf(feed, 'announced')
    await claim()
    const event = anEvent(aPoolId(), 'sign_in', { outcome: 'in-progress' })
    await events.write({ events: [event] })
    await settled()
    await feed.advance('announced', 'one', (await claim())?.position ?? '', NOON)
    await events.write({ events: [{ ...event, outcome: 'success', sub: 'ann' }] })
    await settled()
    const [again] = (await claim())?.events ?? []
    assert.deepEqual([again?.id, again?.outcome, again?.sub], [event.id, 'success', 'ann'])
  })
})

describe('the feed of events of a database', () => {
  let database: Database
  let events: ReturnType<typeof pgEvents>
  let drop: () => Promise<void>
  before(async () => {
    const fresh = await freshDatabase()
    drop = fresh.drop
    database = openDatabase({ connectionString: fresh.connectionString, maxConnections: 6, onError: () => {} })
    events = pgEvents(database, keyRing(randomBytes(32).toString('base64url')))
  })
  after(async () => {
    await events.stop()
    await database.close()
    await drop()
  })

  it('leaves out none that is committed late, and brings them all once', async () => {
    const feed = pgEventFeed(database)
    const claim = claimOf(feed, 'late')
    await claim()
    const [slow, fast, last] = [1, 2, 3].map((n) => anEvent(aPoolId(), 'sign_in', { sub: `${n}` }))
    assert.ok(slow && fast && last)
    const client = await database.pool.connect()
    try {
      await client.query('BEGIN')
      const { text, values } = eventStatement(slow)
      await client.query(text, [...values])
      await events.write({ events: [fast] })
      // Younger than a transaction that may still write: it waits.
      assert.deepEqual((await claim())?.events, [])
      await client.query('COMMIT')
    } finally {
      client.release()
    }
    await events.write({ events: [last] })
    await allSettled(database)
    const batch = await claim()
    assert.deepEqual(
      batch?.events.map(({ id }) => id),
      [slow.id, fast.id, last.id],
    )
    await feed.advance('late', 'one', batch?.position ?? '', NOON)
    assert.deepEqual((await claim())?.events, [])
  })

  it('goes on where each sink was when its dump is restored on a server that counts from elsewhere', async () => {
    const feed = pgEventFeed(database)
    const [near, far] = [claimOf(feed, 'near'), claimOf(feed, 'far')]
    const ids = async (claim: typeof near) => (await claim())?.events.map(({ id }) => id)
    const happens = async (name: string, at = NOON) => {
      const event = anEvent(aPoolId(), 'sign_in', { sub: name, createdAt: at })
      await events.write({ events: [event] })
      await allSettled(database)
      return event.id
    }
    await near()
    await far()
    const first = await happens('taken by both')
    await feed.advance('near', 'one', (await near())?.position ?? '', NOON)
    await feed.advance('far', 'one', (await far())?.position ?? '', NOON)
    const second = await happens('taken by one')
    await feed.advance('near', 'one', (await near())?.position ?? '', NOON)
    const third = await happens('taken by none')
    // As if all of it had been written where a million transactions more had run.
    for (const table of ['auth_event', 'event_cursor'])
      await database.pool.query(`UPDATE ${table} SET written_in = written_in + 1000000`)
    const fourth = await happens('after the restore', secondsLater(3600))
    assert.ok(!(await ids(far))?.includes(first))
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await ids(near), [third, fourth])
      assert.deepEqual(await ids(far), [second, third, fourth])
    }
    await feed.advance('near', 'one', (await near())?.position ?? '', secondsLater(3601))
    const fifth = await happens('later', secondsLater(3602))
    assert.deepEqual([await ids(near), await ids(far)], [[fifth], [second, third, fourth, fifth]])
  })
})
