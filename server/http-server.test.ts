import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { HTTP_LIMITS, httpServer } from './http-server.ts'

const QUICK = { ...HTTP_LIMITS, headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 20 }

describe('a request', () => {
  const server = httpServer((req, res) => {
    req.on('data', () => {}).on('end', () => res.end('ok'))
  }, QUICK)
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  /** Writes what it is given and waits for the end of the connection, or the first answer. */
  const say = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(text))
      let answer = ''
      const done = () => {
        socket.destroy()
        resolve(answer)
      }
      socket.on('data', (data) => {
        answer += data
        done()
      })
      socket.on('end', done).on('close', done)
      socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? done() : reject(error)))
    })

  it('is answered when it is like any other', async () => {
    assert.match(await say('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 200 /)
  })

  it('to speak another protocol is answered like any other, whoever else listens for it', async () => {
    server.on('upgrade', () => assert.fail('a connection was handed over'))
    const asked = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    assert.match(await say(asked), /^HTTP\/1\.1 200 /)
  })

  it('whose headers never end is cut off', async () => {
    assert.match(await say('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '), /^HTTP\/1\.1 408 /)
  })

  it('whose body never comes is cut off', async () => {
    assert.match(await say('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc'), /^HTTP\/1\.1 408 /)
  })

  it('whose headers are too large is refused', async () => {
    const flood = `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`
    assert.match(await say(flood), /^HTTP\/1\.1 431 /)
  })

  it('with more headers than anybody needs is refused', async () => {
    const many = Array.from({ length: 500 }, (_, n) => `X-${n}: 1\r\n`).join('')
    assert.match(await say(`GET / HTTP/1.1\r\nHost: x\r\n${many}\r\n`), /^HTTP\/1\.1 431 /)
  })

  it('that two parties could read differently is refused', async () => {
    for (const text of [
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\nContent-Length : 3\r\n\r\nabc',
      'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'NONSENSE\r\n\r\n',
    ])
      assert.match(await say(text), /^HTTP\/1\.1 400 /, text.slice(0, 80))
  })
})
