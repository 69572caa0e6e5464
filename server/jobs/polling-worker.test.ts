import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { handClock } from '#tests/support/sample-messages.ts'
import { backOffMs, type PollingOptions, pollingWorker, waitOrEnd } from './polling-worker.ts'

const plainRandom = { ...systemRandom, bytes: (count: number) => new Uint8Array(count) }
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

interface Piece {
  id: string
  lane: 'left' | 'right'
}

/** A worker over two lanes with room for two pieces each. A piece takes until `done` says so, unless it is quick. */
const setUp = ({ isQuick = true, ...overrides }: Partial<PollingOptions> & { isQuick?: boolean } = {}) => {
  const clock = handClock()
  const waiting: Piece[] = []
  const begun: string[] = []
  const settled: string[] = []
  const logged: string[] = []
  const pauses: number[] = []
  const sweeps: Date[] = []
  const under = new Map<string, () => void>()
  let trouble: string | null = null
  const lane = (name: Piece['lane']) => ({
    async claim(busy: number) {
      if (trouble !== null) throw new Error(trouble)
      const mine = waiting.filter((piece) => piece.lane === name).slice(0, 2 - busy)
      for (const piece of mine) waiting.splice(waiting.indexOf(piece), 1)
      return mine
    },
    async act({ id }: Piece) {
      begun.push(id)
      if (!isQuick) await new Promise<void>((resolve) => under.set(id, resolve))
      if (id.startsWith('bad')) throw new Error('the database is away')
      settled.push(id)
    },
  })
  const worker = pollingWorker(
    {
      name: 'the queue',
      item: 'a piece',
      lanes: [lane('left'), lane('right')],
      sweep: async (before) => void sweeps.push(before),
    },
    {
      clock,
      random: plainRandom,
      log: (level, line) => void logged.push(`${level}: ${line}`),
      // Waiting takes no time of ours: each wait moves the clock on and lets everybody else run.
      async wait(ms) {
        pauses.push(ms)
        clock.move(ms / 1000)
        await turn()
      },
      ...overrides,
    },
  )
  return {
    ...{ worker, clock, begun, settled, logged, pauses, sweeps },
    add: (id: string, name: Piece['lane'] = 'left') => void waiting.push({ id, lane: name }),
    waiting: () => waiting.map(({ id }) => id),
    done: (id: string) => under.get(id)?.(),
    breaks: (because: string | null) => {
      trouble = because
    },
    async until(isTrue: () => boolean) {
      for (let turns = 0; !isTrue(); turns += 1) {
        assert.ok(turns < 10_000, 'it never came true')
        await turn()
      }
    },
  }
}

describe('a worker over a queue', () => {
  it('survives a queue that cannot be read: looks ever more rarely, and says so once', async () => {
    const { worker, breaks, add, settled, logged, pauses, until } = setUp()
    breaks('connection refused')
    worker.start()
    await until(() => pauses.length === 8)
    breaks(null)
    add('one')
    await until(() => settled.length === 1)
    await worker.stop()
    assert.deepEqual(
      pauses.slice(0, 8),
      [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1000),
    )
    assert.deepEqual(logged, ['error: the queue cannot be read; trying again', 'info: the queue can be read again'])
  })

  it('goes on when what became of a piece could not be written', async () => {
    const { worker, add, settled, logged } = setUp()
    add('bad')
    add('good')
    assert.equal(await worker.round(), 2)
    assert.deepEqual(settled, ['good'])
    assert.deepEqual(logged, ['error: what became of a piece could not be written'])
  })

  it('takes no more than a lane has room for, and lets a full lane hold up no other', async () => {
    const { worker, add, begun, settled, done, waiting, until } = setUp({ isQuick: false })
    for (const id of ['l1', 'l2', 'l3']) add(id)
    worker.start()
    await until(() => begun.length === 2)
    add('r1', 'right')
    await until(() => begun.includes('r1'))
    done('r1')
    await until(() => settled.includes('r1'))
    assert.deepEqual([begun.toSorted(), waiting()], [['l1', 'l2', 'r1'], ['l3']])
    done('l1')
    await until(() => begun.includes('l3'))
    for (const id of ['l2', 'l3']) done(id)
    await worker.stop()
    assert.deepEqual(settled.toSorted(), ['l1', 'l2', 'l3', 'r1'])
  })

  it('looks again as soon as something ends, and as soon as it is nudged', async () => {
    // Only what ends it ends a wait.
    const wait = (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    const { worker, add, begun, done, until } = setUp({ isQuick: false, wait })
    worker.start()
    await turn()
    add('one')
    add('two')
    for (let turns = 0; turns < 20; turns += 1) await turn()
    assert.deepEqual(begun, [])
    worker.nudge()
    await until(() => begun.length === 2)
    add('three')
    done('one')
    await until(() => begun.length === 3)
    const stopped = worker.stop()
    for (const id of ['two', 'three']) done(id)
    await stopped
  })

  it('takes nothing new once it is asked to stop, and settles what is under way', async () => {
    const { worker, add, begun, settled, done, waiting, until } = setUp({ isQuick: false })
    add('slow')
    worker.start()
    await until(() => begun.length === 1)
    let isStopped = false
    const stopped = worker.stop().then(() => {
      isStopped = true
    })
    add('late')
    for (let turns = 0; turns < 20; turns += 1) await turn()
    assert.equal(isStopped, false)
    done('slow')
    await stopped
    assert.deepEqual([settled, waiting()], [['slow'], ['late']])
  })

  it('starts once, however often it is told to', async () => {
    let waits = 0
    const wait = (_: number, signal: AbortSignal) => {
      waits += 1
      return waitOrEnd(60_000, signal)
    }
    const { worker } = setUp({ wait })
    worker.start()
    worker.start()
    for (let turns = 0; turns < 20; turns += 1) await turn()
    await worker.stop()
    assert.equal(waits, 1)
  })

  it('forgets every ten minutes what was settled thirty days ago', async () => {
    const { worker, clock, sweeps } = setUp()
    for (let minute = 0; minute <= 25; minute += 1) {
      await worker.round()
      clock.move(60)
    }
    assert.equal(sweeps.length, 3)
    const [first, second] = sweeps
    assert.equal(clock.now().getTime() - (first?.getTime() ?? 0), (30 * 86_400 + 26 * 60) * 1000)
    assert.equal((second?.getTime() ?? 0) - (first?.getTime() ?? 0), 600_000)
  })
})

describe('the pause before another try', () => {
  it('doubles up to its longest, however many failures there were', () => {
    assert.deepEqual(
      [1, 2, 5, 20, 1000].map((failures) => backOffMs(plainRandom, failures, 600_000)),
      [1000, 2000, 16_000, 600_000, 600_000],
    )
  })

  it('is stretched by up to half', () => {
    const most = { bytes: (count: number) => new Uint8Array(count).fill(255) }
    assert.equal(backOffMs(most, 1), 1500)
  })

  it('ends with the signal, without a failure', async () => {
    await waitOrEnd(60_000, AbortSignal.abort())
    const ending = new AbortController()
    const waited = waitOrEnd(60_000, ending.signal)
    ending.abort()
    await waited
  })
})
