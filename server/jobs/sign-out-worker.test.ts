import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GuardedRequest } from '#core/federation/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memorySignOuts } from '#tests/support/memory/sign-outs.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { signOutWorker } from './sign-out-worker.ts'

/** What the app says: a status, or why the call failed. */
type Saying = number | string | Promise<number>

const setUp = () => {
  const book = ledger()
  const queue = memorySignOuts(book)
  const requests: GuardedRequest[] = []
  const counted = { told: [] as number[], failed: 0, givenUp: 0 }
  const logged: string[] = []
  let now = NOON
  let signed = 0
  const says = new Map<string, Saying>()
  const make = (options: { isGone?: boolean; isUnsigned?: boolean; concurrency?: number; perApp?: number } = {}) => {
    const { isGone = false, isUnsigned = false, ...sizes } = options
    return signOutWorker({
      ...sizes,
      queue,
      async prepare({ clientId }) {
        if (isUnsigned) throw new Error('the pool has no active signing key')
        signed += 1
        return isGone ? null : { url: `https://${clientId}.example/signed-out`, token: `token+${signed}` }
      },
      async fetch(request) {
        requests.push(request)
        const saying = await (says.get(new URL(request.url).hostname.split('.')[0] ?? '') ?? 200)
        return typeof saying === 'string'
          ? fail('upstream-unreachable', { because: saying })
          : ok({ status: saying, headers: {}, body: '' })
      },
      clock: { now: () => now },
      random: seededRandom(7),
      log: (_level, line) => void logged.push(line),
      metrics: {
        told: (seconds) => void counted.told.push(seconds),
        failed: () => {
          counted.failed += 1
        },
        givenUp: () => {
          counted.givenUp += 1
        },
      },
    })
  }
  return {
    book,
    queue,
    requests,
    counted,
    logged,
    make,
    worker: make(),
    says: (clientId: string, saying: Saying) => void says.set(clientId, saying),
    at: (seconds: number) => {
      now = secondsLater(seconds)
    },
    end: (clientId = 'shop') => queue.add({ poolId: 'pool', clientId, sub: 'ann', sid: 'session', at: NOON }),
    events: () => book.events.map(({ type, outcome, clientId, sub }) => [type, outcome, clientId, sub].join(' ')),
    /** Rounds over two hours, whenever something may be due. */
    async persist() {
      for (let seconds = 0; seconds < 7200; seconds += 20) {
        now = secondsLater(seconds)
        await this.worker.round()
      }
    },
  }
}

describe('an app that is told of a sign-out', () => {
  it('gets the token as a form, within five seconds or not at all', async () => {
    const { end, worker, requests } = setUp()
    end()
    await worker.round()
    const [request] = requests
    assert.deepEqual(
      [request?.method, request?.url, request?.body, request?.timeoutMs],
      ['POST', 'https://shop.example/signed-out', 'logout_token=token%2B1', 5000],
    )
    assert.deepEqual(request?.headers, { 'content-type': 'application/x-www-form-urlencoded' })
  })

  for (const status of [200, 204])
    it(`is done with by ${status}, with an event`, async () => {
      const { end, worker, says, events, counted, queue } = setUp()
      says('shop', status)
      end()
      await worker.round()
      await worker.round()
      assert.deepEqual(events(), ['sign_out.told success shop ann'])
      assert.deepEqual([counted.told, (await queue.counts()).waiting], [[0], 0])
    })

  it('is given up by 400, with an event that says why', async () => {
    const { end, worker, says, events, counted, book, queue } = setUp()
    says('shop', 400)
    end()
    await worker.round()
    assert.deepEqual(events(), ['sign_out.told failure shop ann'])
    assert.deepEqual(book.events[0]?.detail, { attempt: 1, because: 'it answered 400' })
    assert.deepEqual([counted.givenUp, (await queue.counts()).dead], [1, 1])
  })

  for (const saying of [500, 503, 401, 404, 302, 201, 'no answer in time', 'the host leads to a private network'])
    it(`is tried again after ${saying}, with a token of that moment`, async () => {
      const { end, worker, says, at, requests, events } = setUp()
      says('shop', saying)
      end()
      await worker.round()
      await worker.round()
      assert.deepEqual([requests.length, events().length], [1, 0])
      says('shop', 200)
      at(2)
      await worker.round()
      assert.deepEqual(
        requests.map(({ body }) => body),
        ['logout_token=token%2B1', 'logout_token=token%2B2'],
      )
      assert.deepEqual(events(), ['sign_out.told success shop ann'])
    })

  it('is tried ever more rarely, and given up after an hour', async () => {
    const house = setUp()
    house.says('shop', 503)
    house.end()
    await house.persist()
    assert.ok(house.requests.length > 12 && house.requests.length < 30, `${house.requests.length} attempts`)
    assert.deepEqual(house.events(), ['sign_out.told failure shop ann'])
    assert.deepEqual(house.queue.errors(), ['it answered 503'])
    assert.deepEqual(house.logged, ['an app could not be told of a sign-out'])
  })

  it('is given up when no token can be made for it, again and again', async () => {
    const { end, make, at, requests, queue, book } = setUp()
    end()
    const worker = make({ isUnsigned: true })
    for (let n = 0; n < 60; n += 1) {
      at(n * 31)
      await worker.round()
    }
    assert.deepEqual([requests, (await queue.counts()).dead], [[], 1])
    assert.deepEqual(book.events[0]?.detail, { attempt: 51, because: 'tried too often' })
  })

  it('is forgotten where it does not ask any more', async () => {
    const { end, make, queue, requests, events } = setUp()
    end()
    await make({ isGone: true }).round()
    assert.deepEqual([requests, events(), (await queue.counts()).waiting], [[], [], 0])
  })

  it('that does not answer leaves room for the others', async () => {
    const { end, make, says, events } = setUp()
    let answer: (status: number) => void = () => undefined
    says('slow', new Promise((resolve) => (answer = resolve)))
    for (let n = 0; n < 10; n += 1) end('slow')
    end('shop')
    const worker = make({ concurrency: 4, perApp: 2 })
    const round = worker.round()
    for (let turn = 0; turn < 20; turn += 1) await null
    assert.deepEqual(events(), ['sign_out.told success shop ann'])
    answer(200)
    await round
    assert.equal(events().length, 3)
  })

  it('is told once by two workers', async () => {
    const { end, make, requests, worker } = setUp()
    for (let n = 0; n < 6; n += 1) end(`app-${n}`)
    await Promise.all([worker.round(), make().round()])
    assert.equal(requests.length, 6)
  })

  it('is told again when what became of it could not be written', async () => {
    const { end, queue, worker, at, requests, logged, events } = setUp()
    end()
    const settle = queue.settle
    queue.settle = async () => {
      throw new Error('the database is away')
    }
    await worker.round()
    queue.settle = settle
    assert.deepEqual(logged, ['what became of a sign-out could not be written'])
    at(31)
    await worker.round()
    assert.deepEqual([requests.length, events().length], [2, 1])
  })
})
