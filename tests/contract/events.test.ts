import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Pool } from 'pg'
import { pgEvents } from '#adapters/postgres/pg-events.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { alongside, anEvent, aPoolId, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore } from '#tests/support/journey-stores.ts'

inEveryJourneyStore('the event log', (stores) => {
  it('writes events and messages that stand for themselves', async () => {
    const { events, eventsOf, messagesOf } = stores()
    const poolId = aPoolId()
    await events.write(alongside(poolId, 'limit.reached', 'account-exists'))
    assert.deepEqual(await eventsOf(poolId), [{ type: 'limit.reached', outcome: 'success', count: 1 }])
    assert.deepEqual(await messagesOf(poolId), ['account-exists'])
  })

  it('sums what happens often: one row for each kind, client and minute', async () => {
    const { events, eventsOf } = stores()
    const poolId = aPoolId()
    const at = (seconds: number, clientId = 'shop', outcome: 'success' | 'failure' = 'success') =>
      events.count(anEvent(poolId, 'client.authenticated', { clientId, outcome, createdAt: secondsLater(seconds) }))
    for (const seconds of [0, 1, 59, 60]) await at(seconds)
    await at(2, 'blog')
    await at(3, 'shop', 'failure')
    await events.flush()
    const counts = (await eventsOf(poolId)).map(({ outcome, count }) => `${outcome} ${count}`).toSorted()
    assert.deepEqual(counts, ['failure 1', 'success 1', 'success 1', 'success 3'])
    await events.flush()
    assert.equal((await eventsOf(poolId)).length, 4)
  })

  it('keeps pools apart in its sums', async () => {
    const { events, eventsOf } = stores()
    const pools = [aPoolId(), aPoolId()]
    for (const poolId of pools) await events.count(anEvent(poolId, 'client.authenticated'))
    await events.flush()
    for (const poolId of pools) assert.equal((await eventsOf(poolId))[0]?.count, 1)
  })
})

inEveryJourneyStore('an announced event', (stores) => {
  it('is completed by what became of it, under the same id', async () => {
    const { events, eventsOf, isDatabase } = stores()
    if (!isDatabase) return // only a table can complete a row
    const poolId = aPoolId()
    const announced = anEvent(poolId, 'sign_in', { outcome: 'in-progress', detail: { screen: 'sign-in' } })
    await events.write({ events: [announced] })
    await events.write({ events: [{ ...announced, outcome: 'success', sub: 'ann' }] })
    assert.deepEqual(await eventsOf(poolId), [{ type: 'sign_in', outcome: 'success', count: 1 }])
  })
})

describe('the event log while the database is away', () => {
  it('keeps what it has counted for the next try', async () => {
    const written: unknown[][] = []
    let isAway = true
    const client = {
      async query(text: string, values?: unknown[]) {
        if (isAway && text.startsWith('INSERT')) throw new Error('Connection terminated')
        if (text.startsWith('INSERT')) written.push(values ?? [])
      },
      release() {},
    }
    const events = pgEvents({ pool: { connect: async () => client } as unknown as Pool }, keyRing('x'.repeat(43)))
    const event = anEvent(aPoolId(), 'client.authenticated')
    await events.count(event)
    await assert.rejects(events.flush(), /terminated/)
    await events.count(event)
    isAway = false
    await events.stop()
    assert.deepEqual(
      written.map((values) => values[12]),
      [2],
    )
  })
})
