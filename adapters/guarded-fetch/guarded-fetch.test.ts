import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fail } from '#core/shared/result.ts'
import { makeCertificate, type TlsFiles } from '#tests/support/tls-authority.ts'
import { guardedFetch } from './guarded-fetch.ts'

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const close = (server: Server): Promise<unknown> => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}

const seen: { url: string; host: string; method: string; body: string; encoding: string }[] = []

const answer: RequestListener = async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { url = '', method = '', headers } = request
  seen.push({ url, method, body, host: headers.host ?? '', encoding: String(headers['accept-encoding']) })
  switch (url) {
    case '/redirect':
      return response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
    case '/announced':
      return response.writeHead(200, { 'content-length': '5000' }).end('x'.repeat(5000))
    case '/endless': {
      response.writeHead(200)
      response.on('error', () => {})
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1024)));
        if (!response.destroyed) response.once('drain', more)
      }
      return more()
    }
    case '/never':
      return undefined
    case '/half':
      response.writeHead(200)
      return response.write('the beginning')
    case '/compressed':
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb')
    case '/cut':
      return response.destroy()
    case '/headers':
      return response.writeHead(200, { 'x-much': 'x'.repeat(60_000) }).end()
    default:
      return response.writeHead(200, { 'content-type': 'application/json', 'x-two': 'a' }).end('{"a":1}')
  }
}

describe('calling out', () => {
  const server = createServer(answer)
  let port = 0
  const resolve = async () => ['127.0.0.1']
  const call = guardedFetch({ allowPrivate: true, allowHttp: true, resolve })
  const refusal = async (path: string, more = {}, code = 'upstream-unreachable') => {
    const result = await call({ url: `http://idp.example:${port}${path}`, ...more })
    assert.ok(!result.ok)
    assert.equal(result.failure.code, code)
    return result.failure.because
  }

  before(async () => {
    port = await listen(server)
  })
  after(() => close(server))

  it('connects to the address that was checked, and says the name', async () => {
    const result = await call({
      url: `http://idp.example:${port}/x?y=1#z`,
      method: 'POST',
      body: 'ä=1',
      headers: { 'content-type': 'text/plain' },
    })
    assert.ok(result.ok)
    assert.equal(result.value.status, 200)
    assert.equal(result.value.headers['content-type'], 'application/json')
    assert.equal(result.value.body, '{"a":1}')
    assert.deepEqual(seen.at(-1), {
      url: '/x?y=1',
      method: 'POST',
      body: 'ä=1',
      host: `idp.example:${port}`,
      encoding: 'identity',
    })
  })

  it('lets no caller set the headers of the connection', async () => {
    const headers = {
      Host: 'evil.example',
      'Content-Length': '1',
      'Transfer-Encoding': 'chunked',
      Expect: '100-continue',
    }
    const result = await call({ url: `http://idp.example:${port}/h`, method: 'POST', body: 'whole', headers })
    assert.ok(result.ok)
    assert.equal(seen.at(-1)?.host, `idp.example:${port}`)
    assert.equal(seen.at(-1)?.body, 'whole')
  })

  it('uses no proxy of the environment', async () => {
    const names = ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY'] as const
    const before = names.map((name) => process.env[name])
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : 'http://127.0.0.1:9'
    try {
      assert.ok((await call({ url: `http://idp.example:${port}/` })).ok)
    } finally {
      for (const [index, name] of names.entries()) {
        const value = before[index]
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
  })

  it('asks for a name once: an answer that changes afterwards changes nothing', async () => {
    let asked = 0
    const rebinding = guardedFetch({
      allowPrivate: true,
      allowHttp: true,
      resolve: async () => {
        asked += 1
        return asked === 1 ? ['127.0.0.1'] : ['127.0.0.99']
      },
    })
    assert.ok((await rebinding({ url: `http://idp.example:${port}/` })).ok)
    assert.equal(asked, 1)
  })

  it('sends nothing to a server inside', async () => {
    const before = seen.length
    const outside = guardedFetch({ allowHttp: true, resolve })
    for (const host of ['idp.example', '127.0.0.1', 'localhost', '2130706433']) {
      const result = await outside({ url: `http://${host}:${port}/` })
      assert.equal(!result.ok && result.failure.because, 'the host leads to a private address')
    }
    assert.equal(seen.length, before)
  })

  it('hands a redirect over as it is, and does not go there', async () => {
    const result = await call({ url: `http://idp.example:${port}/redirect` })
    assert.ok(result.ok)
    assert.equal(result.value.status, 302)
  })

  it('refuses a long answer that says so', async () =>
    assert.equal(await refusal('/announced', { maxBytes: 4999 }), 'the answer is too long'))

  it('stops reading an answer that never ends', async () =>
    assert.equal(await refusal('/endless', { maxBytes: 10_000 }), 'the answer is too long'))

  it('gives up on a server that accepts and says nothing', async () =>
    assert.equal(await refusal('/never', { timeoutMs: 60 }, 'upstream-slow'), 'no answer in time'))

  it('gives up on a server that stops in the middle', async () =>
    assert.equal(await refusal('/half', { timeoutMs: 60 }, 'upstream-slow'), 'no answer in time'))

  it('gives up on a name that is never found', async () => {
    const lost = guardedFetch({ resolve: () => new Promise(() => {}) })
    const result = await lost({ url: 'https://idp.example/', timeoutMs: 30 })
    assert.deepEqual(result, fail('upstream-slow', { because: 'no answer in time' }))
  })

  it('refuses compressed answers, which nobody asked for', async () =>
    assert.equal(await refusal('/compressed'), 'the answer is compressed'))

  it('names a connection that is cut', async () => assert.equal(await refusal('/cut'), 'the connection was cut'))

  it('bounds the headers of an answer', async () =>
    assert.equal(await refusal('/headers'), "the answer's headers are too long"))

  it('names a name that does not exist', async () => {
    const lost = guardedFetch({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    const result = await lost({ url: 'https://idp.example/' })
    assert.equal(!result.ok && result.failure.because, 'the host name has no address')
  })

  it('leaves no connection behind', async () => {
    await call({ url: `http://idp.example:${port}/` })
    const open = await new Promise<number>((done, failed) =>
      server.getConnections((error, count) => (error ? failed(error) : done(count))),
    )
    assert.ok(open <= 1, `${open} connections`)
    await refusal('/never', { timeoutMs: 30 }, 'upstream-slow')
  })

  it('names a port where nobody listens', async () => {
    const gone = createServer()
    const free = await listen(gone)
    await close(gone)
    const result = await call({ url: `http://idp.example:${free}/` })
    assert.equal(!result.ok && result.failure.because, 'the connection was refused')
  })
})

describe('calling out over TLS', () => {
  let folder = ''
  let files: TlsFiles
  let server: Server
  let port = 0
  let names: string[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-guard-'))
    files = await makeCertificate(folder, ['idp.example'])
    server = createTlsServer(
      {
        key: files.key,
        cert: files.certificate,
        SNICallback: (name, done) => {
          names.push(name)
          done(null)
        },
      },
      answer,
    ) as unknown as Server
    port = await listen(server)
  })
  after(async () => {
    await close(server)
    await rm(folder, { recursive: true })
  })

  const options = { allowPrivate: true, resolve: async () => ['127.0.0.1'] }

  it('keeps the name for the certificate while the address is pinned', async () => {
    names = []
    const authorities = [await readFile(files.authorityFile, 'utf8')]
    const result = await guardedFetch({ ...options, authorities })({ url: `https://idp.example:${port}/` })
    assert.ok(result.ok, JSON.stringify(result))
    assert.deepEqual(names, ['idp.example'])
  })

  it('refuses a certificate for another name', async () => {
    const authorities = [await readFile(files.authorityFile, 'utf8')]
    const result = await guardedFetch({ ...options, authorities })({ url: `https://other.example:${port}/` })
    assert.equal(!result.ok && result.failure.because, 'the certificate is for another name')
  })

  it('refuses an authority that nobody trusts', async () => {
    const result = await guardedFetch(options)({ url: `https://idp.example:${port}/` })
    assert.equal(!result.ok && result.failure.because, 'the certificate is not trusted')
  })
})
