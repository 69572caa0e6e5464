import assert from 'node:assert/strict'
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileSink } from './file-sink.ts'
import { httpSink } from './http-sink.ts'

describe('a file of events', () => {
  let folder: string
  let path: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-events-'))
    path = join(folder, 'events.jsonl')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('grows by lines, and is its owner’s alone', async () => {
    const sink = fileSink(path)
    await sink.write(['{"n":1}', '{"n":2}'])
    await sink.write(['{"n":3}'])
    assert.equal(await readFile(path, 'utf8'), '{"n":1}\n{"n":2}\n{"n":3}\n')
    assert.equal((await stat(path)).mode & 0o777, 0o600)
  })

  it('is begun anew where it was moved away', async () => {
    const sink = fileSink(path)
    await rename(path, `${path}.1`)
    await sink.write(['{"n":4}'])
    assert.equal(await readFile(path, 'utf8'), '{"n":4}\n')
  })

  it('keeps a torn last line apart from what comes after it', async () => {
    await writeFile(path, '{"n":5}\n{"n":')
    await fileSink(path).write(['{"n":6}'])
    assert.equal(await readFile(path, 'utf8'), '{"n":5}\n{"n":\n{"n":6}\n')
  })

  it('says so when it cannot be written', async () => {
    await assert.rejects(fileSink(folder).write(['{}']), /EISDIR/)
    await assert.rejects(fileSink(join(folder, 'nowhere', 'events')).write(['{}']), /ENOENT/)
  })
})

describe('a collector of events', () => {
  const asked: { headers: IncomingMessage['headers']; body: string; url: string }[] = []
  let answer: (res: ServerResponse) => void
  let url: string
  const server = createServer((req, res) => {
    req.toArray().then(
      (parts) => {
        asked.push({ headers: req.headers, body: Buffer.concat(parts).toString(), url: req.url ?? '' })
        answer(res)
      },
      () => res.destroy(),
    )
  })
  before(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('gets lines with the token, and takes them with any 2xx', async () => {
    answer = (res) => res.writeHead(202).end()
    await httpSink({ url, token: 'secret' }).write(['{"n":1}', '{"n":2}'])
    const [request] = asked
    assert.equal(request?.body, '{"n":1}\n{"n":2}\n')
    assert.equal(request?.headers['content-type'], 'application/x-ndjson')
    assert.equal(request?.headers.authorization, 'Bearer secret')
  })

  it('has not taken them with any other status, and is not followed elsewhere', async () => {
    for (const status of [302, 307, 400, 401, 413, 500, 503]) {
      const before = asked.length
      answer = (res) => res.writeHead(status, { location: '/elsewhere' }).end('x'.repeat(10_000))
      await assert.rejects(httpSink({ url }).write(['{}']), new RegExp(`answered ${status}`))
      assert.equal(asked.length, before + 1)
    }
  })

  it('is not waited for without end', async () => {
    answer = () => undefined
    await assert.rejects(httpSink({ url, timeoutMs: 50 }).write(['{}']), /timeout/)
  })

  it('may be away', async () => {
    await assert.rejects(httpSink({ url: 'http://127.0.0.1:9/' }).write(['{}']))
  })
})
