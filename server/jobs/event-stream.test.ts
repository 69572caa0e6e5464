import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EventSink } from '#core/events/index.ts'
import { anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { memoryEventFeed } from '#tests/support/memory/events.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { eventStream } from './event-stream.ts'

const setUp = async ({ batch = 500 } = {}) => {
  const book = ledger()
  const feed = memoryEventFeed(book)
  const taken: string[] = []
  let refuses = 0
  const sink: EventSink = {
    name: 'file',
    async write(lines) {
      if (refuses-- > 0) throw new Error('the disk is full')
      taken.push(...lines)
    },
  }
  let now = NOON
  const told = { lag: [] as number[], taken: 0, failed: 0, log: [] as string[], waits: [] as number[] }
  let whenIdle: () => void = () => undefined
  const make = (seed = 1) =>
    eventStream({
      feed,
      sinks: [sink],
      clock: { now: () => now },
      random: seededRandom(seed),
      log: (_level, line) => void told.log.push(line),
      metrics: {
        lagged: (_, seconds) => void told.lag.push(seconds),
        taken: (_, count) => {
          told.taken += count
        },
        failed: () => {
          told.failed += 1
        },
      },
      batch,
      async wait(ms) {
        told.waits.push(ms)
        whenIdle()
      },
    })
  const stream = make()
  // From here on everything is handed over.
  await stream.round(sink)
  return {
    book,
    sink,
    stream,
    make,
    taken,
    told,
    happen: (count: number) =>
      book.add({ events: Array.from({ length: count }, (_, n) => anEvent(aPoolId(), 'sign_in', { sub: `${n}` })) }),
    refuse(times: number) {
      refuses = times
    },
    wait(seconds: number) {
      now = secondsLater(seconds)
    },
    /** Runs until the worker rested so often. */
    async runs(rests: number) {
      await new Promise<void>((resolve) => {
        whenIdle = () => {
          if (told.waits.length === rests) void stream.stop().then(resolve)
        }
        stream.start()
      })
    },
  }
}

describe('the stream of events', () => {
  it('hands over what happened, in order, as lines that hold what the event holds', async () => {
    const { stream, sink, happen, taken, book, told } = await setUp()
    happen(3)
    assert.equal(await stream.round(sink), 3)
    assert.deepEqual(
      taken.map((line) => JSON.parse(line).sub),
      ['0', '1', '2'],
    )
    const { createdAt, feedback: _, ...event } = book.events[0] ?? assert.fail()
    assert.deepEqual(JSON.parse(taken[0] ?? ''), { time: createdAt.toISOString(), ...event })
    assert.ok(taken.every((line) => !/[\r\n]/.test(line)))
    assert.equal(await stream.round(sink), 0)
    assert.equal(told.taken, 3)
  })

  it('hands over again what was not taken, and tells how far behind it is', async () => {
    const { stream, sink, happen, refuse, taken, told, wait } = await setUp()
    happen(2)
    refuse(1)
    wait(30)
    await assert.rejects(stream.round(sink), /disk is full/)
    assert.deepEqual([taken, told.lag.at(-1)], [[], 30])
    await stream.round(sink)
    await stream.round(sink)
    assert.deepEqual([taken.length, told.lag.at(-1)], [2, 0])
  })

  it('waits longer each time a sink is away, says so once, and says when it is back', async () => {
    const { runs, happen, refuse, told, taken } = await setUp()
    happen(1)
    refuse(8)
    await runs(9)
    assert.deepEqual(told.waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 1_000])
    assert.deepEqual([told.failed, taken.length], [8, 1])
    assert.deepEqual(told.log, ['events cannot be handed over; they wait', 'the event sink takes events again'])
  })

  it('does not rest while there is more', async () => {
    const { runs, happen, taken, told } = await setUp({ batch: 2 })
    happen(7)
    await runs(1)
    assert.deepEqual([taken.length, told.waits], [7, [1_000]])
  })

  it('of two workers one has the sink; the other takes over when it stops', async () => {
    const { runs, make, sink, happen, taken } = await setUp()
    const other = make(2)
    happen(1)
    assert.equal(await other.round(sink), 0)
    await runs(1)
    happen(1)
    assert.equal(await other.round(sink), 1)
    assert.equal(taken.length, 2)
  })
})
