/** What the calls of the sign-out worker do on a real network: attacks 12 and 13. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type GuardedFetchOptions, guardedFetch } from '#adapters/guarded-fetch/guarded-fetch.ts'
import { NOON } from '#tests/support/builders.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memorySignOuts } from '#tests/support/memory/sign-outs.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { type ToldApp, toldApp } from '#tests/support/told-app.ts'
import { signOutWorker } from './sign-out-worker.ts'

let app: ToldApp
before(async () => {
  app = await toldApp()
})
after(() => app?.stop())
beforeEach(() => {
  Object.assign(app, { calls: [], answer: 200 })
})

/** Tells the app once; why it failed, if it did. */
const tellOnce = async (url: string, options: GuardedFetchOptions): Promise<string | null> => {
  const book = ledger()
  const queue = memorySignOuts(book)
  queue.add({ poolId: 'pool', clientId: 'shop', sub: 'ann', sid: 'session', at: NOON })
  const call = guardedFetch(options)
  const worker = signOutWorker({
    queue,
    prepare: async () => ({ url, token: 'a.b.c' }),
    fetch: (request) => call({ ...request, timeoutMs: 200 }),
    clock: { now: () => NOON },
    random: seededRandom(3),
    log: () => undefined,
    metrics: { told: () => undefined, failed: () => undefined, givenUp: () => undefined },
  })
  await worker.round()
  return queue.errors()[0] ?? null
}
const development = { allowPrivate: true, allowHttp: true }

describe('a call that tells an app of a sign-out', () => {
  it('reaches an app on this machine in development', async () => {
    assert.equal(await tellOnce(`${app.origin}/told`, development), null)
    assert.deepEqual(
      app.calls.map(({ path, token }) => [path, token]),
      [['/told', 'a.b.c']],
    )
  })

  it('is made to no private address, whatever the name, unless the deployment says so', async () => {
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', 'intranet.example', '2130706433']) {
      const url = app.origin.replace('127.0.0.1', host)
      const resolve = async () => ['203.0.113.7', '127.0.0.1']
      const because = await tellOnce(url, { allowHttp: true, resolve })
      assert.match(because ?? '', /^the host leads to/, host)
    }
    assert.deepEqual(app.calls, [])
  })

  it('is made to no address of a cloud’s metadata, whatever the deployment says', async () => {
    assert.match((await tellOnce('http://169.254.169.254/', development)) ?? '', /^the host leads to/)
  })

  it('carries the token in the clear in development alone', async () => {
    assert.equal(await tellOnce(app.origin, { allowPrivate: true }), 'the address is not https')
    assert.deepEqual(app.calls, [])
  })

  it('follows no redirect', async () => {
    app.answer = 307
    assert.equal(await tellOnce(`${app.origin}/told`, development), 'it answered 307')
    assert.deepEqual(
      app.calls.map(({ path }) => path),
      ['/told'],
    )
  })

  it('ends in time where the app says nothing', async () => {
    app.answer = null
    assert.equal(await tellOnce(app.origin, development), 'no answer in time')
  })

  it('fails where nobody listens', async () => {
    const gone = await toldApp()
    await gone.stop()
    assert.equal(await tellOnce(gone.origin, development), 'the connection was refused')
  })
})
