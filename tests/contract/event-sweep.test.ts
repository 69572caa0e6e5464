import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type Database, openDatabase } from '#adapters/postgres/database.ts'
import { pgEvents } from '#adapters/postgres/pg-events.ts'
import { sweepEvents } from '#adapters/postgres/sweep-expired.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { anEvent, aPoolId, secondsLater } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'

describe('events that are old enough', () => {
  let database: Database
  let events: ReturnType<typeof pgEvents>
  let drop: () => Promise<void>
  before(async () => {
    const fresh = await freshDatabase()
    drop = fresh.drop
    database = openDatabase({ connectionString: fresh.connectionString, maxConnections: 4, onError: () => {} })
    events = pgEvents(database, keyRing(randomBytes(32).toString('base64url')))
  })
  after(async () => {
    await events.stop()
    await database.close()
    await drop()
  })

  const write = (poolId: string, seconds: number) => {
    const createdAt = secondsLater(seconds)
    return events.write({ events: [anEvent(poolId, 'sign_in', { id: systemRandom.uuidAt(createdAt), createdAt })] })
  }
  const left = async (): Promise<number[]> => {
    const { rows } = await database.pool.query<{ at: Date }>(
      'SELECT created_at AS at FROM auth_event ORDER BY created_at',
    )
    return rows.map(({ at }) => (at.getTime() - secondsLater(0).getTime()) / 1000)
  }

  it('go, of every pool, and none that is younger by a millisecond', async () => {
    for (const poolId of [aPoolId(), aPoolId()]) for (const seconds of [-2, -0.001, 0, 2]) await write(poolId, seconds)
    assert.equal(await sweepEvents(database, secondsLater(0), 100), 4)
    assert.deepEqual(await left(), [0, 0, 2, 2])
    assert.equal(await sweepEvents(database, secondsLater(0), 100), 0)
  })

  it('go the oldest first, so many at a time, and never twice by two processes', async () => {
    await sweepEvents(database, secondsLater(100), 100)
    for (const seconds of [3, 1, 2, 4, 5]) await write(aPoolId(), seconds)
    assert.equal(await sweepEvents(database, secondsLater(10), 2), 2)
    assert.deepEqual(await left(), [3, 4, 5])
    const counts = await Promise.all([1, 2, 3].map(() => sweepEvents(database, secondsLater(10), 100)))
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      3,
    )
  })
})
