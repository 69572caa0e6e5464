import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { aRangeServer, type Leaks } from '#tests/support/breach-sources.ts'
import { breachRange } from './breach-range.ts'
import { sha1Hex } from './sha1.ts'

const LEAKED = 'a walk in the rain'
const HASH = sha1Hex(LEAKED)

const setUp = async (t: TestContext, leaks: Leaks = { [LEAKED]: 3 }) => {
  let now = Date.parse('2030-01-01T12:00:00Z')
  const server = await aRangeServer(t, leaks)
  const changes: string[] = []
  const range = breachRange({
    baseUrl: server.url,
    production: true,
    clock: { now: () => new Date(now) },
    timeoutMs: 500,
    onChange: (isGivenUp, because) => changes.push(`${isGivenUp ? 'given up' : 'back'}: ${because}`),
  })
  return { range, server, changes, wait: (seconds: number) => (now += seconds * 1000) }
}

describe('asking a range service', () => {
  it('sends five characters of the hash, asks for padding, and nothing else about the password', async (t) => {
    const { range, server } = await setUp(t)
    assert.deepEqual(await range.find(LEAKED), { source: 'range', count: 3 })
    const [request] = server.requests
    assert.equal(request?.path, `/mirror/range/${HASH.slice(0, 5)}`)
    assert.equal(request?.headers['add-padding'], 'true')
    assert.equal(request?.headers.cookie, undefined)
    assert.ok(!JSON.stringify(server.requests).includes(HASH.slice(5, 12)))
  })

  it('does not take padding for a finding', async (t) => {
    const { range } = await setUp(t, { [LEAKED]: 0 })
    assert.equal(await range.find(LEAKED), null)
  })

  it('reads a range in lower case and with line feeds too', async (t) => {
    const { range, server } = await setUp(t)
    server.answerWith((res) => res.end(`${'0'.repeat(35)}:7\n${HASH.slice(5).toLowerCase()}:41\n`))
    assert.deepEqual(await range.find(LEAKED), { source: 'range', count: 41 })
  })

  it('takes an empty range for what it says', async (t) => {
    const { range, server } = await setUp(t)
    server.answerWith((res) => void res.end())
    assert.equal(await range.find(LEAKED), null)
  })

  it('asks once for a range within ten minutes, then again', async (t) => {
    const { range, server, wait } = await setUp(t)
    await range.find(LEAKED)
    wait(599)
    assert.deepEqual(await range.find(LEAKED), { source: 'range', count: 3 })
    assert.equal(server.requests.length, 1)
    wait(2)
    await range.find(LEAKED)
    assert.equal(server.requests.length, 2)
  })

  it('keeps answers within a bound', async (t) => {
    const { range, server } = await setUp(t)
    const line = `${'0'.repeat(35)}:7\n`
    server.answerWith((res) => void res.end(line.repeat(10_000)))
    await range.find(LEAKED)
    for (let n = 0; n < 20; n++) await range.find(`other ${n}`)
    await range.find(LEAKED)
    assert.equal(server.requests.length, 22)
  })
})

/** Pressed before anything is timed. */
const BOMB = gzipSync(Buffer.alloc(50_000_000, 48))

describe('a range service that fails', () => {
  const failures: Record<string, [(res: ServerResponse) => void, RegExp]> = {
    'is slow to begin': [() => undefined, /no answer in time/],
    'is slow to end': [(res) => res.writeHead(200).write(`${'0'.repeat(35)}:7\r\n`), /no answer in time/],
    'answers with a trouble': [(res) => res.writeHead(500).end(), /answered 500/],
    'is overloaded': [(res) => res.writeHead(429, { 'retry-after': '2' }).end(), /answered 429/],
    'does not know the range': [(res) => res.writeHead(404).end(), /answered 404/],
    'sends elsewhere': [(res) => res.writeHead(302, { location: '/mirror/range/00000' }).end(), /answered 302/],
    'sends a page': [(res) => res.end('<!doctype html><title>Welcome</title>'), /no range of hashes/],
    'sends whole hashes': [(res) => res.end(`${HASH}:3\r\n`), /no range of hashes/],
    'breaks off': [(res) => res.writeHead(200, { 'content-length': 90 }).write('00', () => res.destroy()), /./],
    'sends too much': [(res) => res.end(`${'0'.repeat(35)}:7\r\n`.repeat(20_000)), /too long/],
    'sends too much, compressed': [(res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB), /too long/],
  }
  for (const [what, [answer, reason]] of Object.entries(failures)) {
    it(`cannot tell: it ${what}`, async (t) => {
      const { range, server, changes } = await setUp(t)
      server.answerWith(answer)
      for (let n = 0; n < 3; n++) assert.equal(await range.find(`password ${n}`), 'unavailable')
      assert.match(changes[0] ?? '', reason)
      assert.equal(changes.length, 1)
      assert.ok(
        server.requests.every(({ path }) => path !== '/mirror/range/00000'),
        'followed the redirect',
      )
    })
  }

  it('is left alone after three failures, tried again after half a minute, and then as good as ever', async (t) => {
    const { range, server, changes, wait } = await setUp(t)
    server.answerWith((res) => void res.writeHead(503).end())
    for (let n = 0; n < 20; n++) assert.equal(await range.find(`password ${n}`), 'unavailable')
    assert.equal(server.requests.length, 3)
    server.answerWith(null)
    assert.equal(await range.find(LEAKED), 'unavailable')
    wait(30)
    assert.deepEqual(await range.find(LEAKED), { source: 'range', count: 3 })
    assert.equal(await range.find('another one'), null)
    assert.deepEqual(changes, ['given up: answered 503', 'back: answers again'])
  })

  it('still tells what it told before', async (t) => {
    const { range, server } = await setUp(t)
    await range.find(LEAKED)
    server.answerWith((res) => void res.writeHead(503).end())
    for (let n = 0; n < 5; n++) await range.find(`password ${n}`)
    assert.deepEqual(await range.find(LEAKED), { source: 'range', count: 3 })
  })

  it('cannot tell: nobody listens', async () => {
    const range = breachRange({ baseUrl: 'http://127.0.0.1:9', production: true, clock: { now: () => new Date() } })
    assert.equal(await range.find(LEAKED), 'unavailable')
  })
})

describe('the address of a range service', () => {
  const open = (baseUrl: string, production = true) =>
    breachRange({ baseUrl, production, clock: { now: () => new Date() } })
  it('must be https in production, or on this machine', () => {
    for (const url of ['http://mirror.example.com', 'ftp://mirror.example.com', 'mirror.example.com', ''])
      assert.throws(() => open(url), /must be https/)
    for (const url of ['https://mirror.example.com/pwned', 'http://localhost:8080', 'http://[::1]:8080']) open(url)
    open('http://mirror.example.com', false)
  })
})
