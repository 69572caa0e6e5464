/** What makes no sense is refused for what it is: never a 500, never a way in, nothing changed. Attacks 14, 21, 29, 89, 94 and 96. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'"`{{7*7}}'

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
})
after(() => house?.stop())

interface Answer {
  status: number
  headers: Record<string, unknown>
  text: string
}

const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { host, port } = new URL(house.origin)
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (answer) => {
      let text = ''
      answer.on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const sized = (body: string) => ({ ...FORM, 'content-length': String(Buffer.byteLength(body)) })

describe('an address that is not on the list', () => {
  it('is 404, whatever is asked of it, and says nothing but a reference', async () => {
    for (const path of [
      '/',
      '/admin',
      '/api/users',
      '/metrics',
      '/livez',
      '/readyz',
      '/debug',
      '/.env',
      '/.git/config',
      '/_next/static/x.js',
      '/_next/image?url=http://evil.example&w=64&q=75',
      '/server-info',
      `/${house.poolId}`,
      `/${house.poolId}/admin`,
      `/${house.poolId}/users`,
      `/${house.poolId}/oauth2/device_authorization`,
      `/${house.poolId}/%2e%2e/dev/inbox`,
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await ask(method, path, method === 'POST' ? { 'content-length': '0' } : {})
        assert.equal(answer.status, 404, `${method} ${path}`)
        assert.doesNotMatch(answer.text, / at .*:\d+:\d+|node_modules|Error:/)
      }
    }
  })

  it('in production is the inbox and the preview too', async (t) => {
    const live = await startTestHouse(t, {
      config: {
        PORTICO_MODE: 'production',
        PUBLIC_ORIGIN: 'https://id.example.com',
        SMTP_URL: 'smtp://user:password@127.0.0.1:9',
        MAIL_FROM: 'no-reply@example.com',
      },
    })
    // Relying parties of a test cannot speak to an https origin; the door itself can be asked.
    const { port } = new URL(live.origin)
    for (const path of ['/dev/inbox', '/dev/inbox/x', '/preview', '/preview/flow/sign-in']) {
      const status = await new Promise<number>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path, headers: { host: 'id.example.com' } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
          .on('error', reject)
          .end()
      })
      assert.equal(status, 404, path)
    }
  })

  it('tells a stranger nothing of how many or who', async () => {
    for (const path of ['/.well-known/openid-configuration', '/oauth2/authorize', '/login', '/oauth2/userInfo']) {
      const answer = await ask('GET', `/${house.poolId}${path}`)
      assert.doesNotMatch(answer.text + JSON.stringify(answer.headers), /x-total|"total"|"count"/i)
    }
  })
})

describe('a method that is not answered', () => {
  it('is 405 with the ones that are', async () => {
    for (const [method, path] of [
      ['DELETE', '/login'],
      ['PUT', '/oauth2/token'],
      ['GET', '/oauth2/token'],
      ['PATCH', '/oauth2/userInfo'],
      ['TRACE', '/logout'],
      ['DELETE', '/confirmUser'],
    ] as const) {
      const answer = await ask(method, `/${house.poolId}${path}`)
      assert.equal(answer.status, 405, `${method} ${path}`)
      assert.match(String(answer.headers.allow), /GET|POST/)
    }
  })
})

describe('a body', () => {
  it('too large, of another type or without a length is refused at every door that takes one', async () => {
    const flow = `/${house.poolId}/flow/${'x'.repeat(43)}/sign-in`
    for (const path of [
      flow,
      `/${house.poolId}/confirmUser`,
      `/${house.poolId}/oauth2/token`,
      `/${house.poolId}/oauth2/revoke`,
    ]) {
      const large = `a=${'x'.repeat(70_000)}`
      assert.equal((await ask('POST', path, sized(large), large).catch(() => ({ status: 413 }))).status, 413, path)
      assert.equal(
        (await ask('POST', path, { 'content-type': 'application/json', 'content-length': '2' }, '{}')).status,
        415,
        path,
      )
      assert.equal(
        (await ask('POST', path, { ...FORM, 'transfer-encoding': 'chunked' }, 'a=1').catch(() => ({ status: 411 })))
          .status,
        411,
        path,
      )
    }
  })

  it('of thousands of fields, of names of a prototype, of broken escapes is read as what it is', async () => {
    for (const body of [
      '__proto__=x&__proto__[a]=b&constructor=y&constructor.prototype.z=1',
      'a&'.repeat(30_000),
      '%=%&%zz=%e0%a4%a',
      '\u0000=\u0000',
      '=&=&=',
    ]) {
      const answer = await ask('POST', `/${house.poolId}/oauth2/token`, sized(body), body)
      assert.ok([400, 401].includes(answer.status), `${answer.status} for ${body.slice(0, 40)}`)
    }
    assert.equal(({} as Record<string, unknown>).z, undefined)
    assert.equal(({} as Record<string, unknown>).a, undefined)
  })
})

describe('a cookie or an Authorization header that makes no sense', () => {
  const NONSENSE = [
    '',
    ';',
    '=',
    '; '.repeat(1000),
    `${'a'.repeat(8000)}=b`,
    '%00%00',
    '\u00ff\u00fe',
    'portico_session',
    'portico_flow=',
    `portico_session=${'A'.repeat(4000)}; portico_session.sig=x`,
    'portico_session=../../x; portico_session.sig=__proto__',
    '__proto__=x; constructor=y',
  ]

  it('is as good as none', async () => {
    const party = await house.clients.shop.party()
    const { url } = await party.begin()
    for (const cookie of NONSENSE) {
      const answer = await ask('GET', url.pathname + url.search, { cookie })
      assert.equal(answer.status, 303, cookie.slice(0, 40))
      assert.match(String(answer.headers.location), /\/flow\//)
      const silent = await ask('GET', `${url.pathname}${url.search}&prompt=none`, { cookie })
      assert.match(String(silent.headers.location), /error=login_required/, cookie.slice(0, 40))
    }
  })

  it('is a client’s error at every endpoint, never the server’s', async () => {
    const headers = [
      'Basic',
      'Basic ',
      'Basic %%%',
      `Basic ${Buffer.from('no-colon').toString('base64')}`,
      `Basic ${Buffer.from(':').toString('base64')}`,
      `Basic ${Buffer.from('a:%zz').toString('base64')}`,
      `Basic ${'A'.repeat(20_000)}`,
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'Bearer ..',
      'Digest x',
      'bearer\u00ff',
      'null',
      'undefined',
      'Negotiate abc',
    ]
    for (const authorization of headers) {
      for (const [method, path] of [
        ['POST', '/oauth2/token'],
        ['POST', '/oauth2/introspect'],
        ['POST', '/oauth2/revoke'],
        ['GET', '/oauth2/userInfo'],
      ] as const) {
        const body = method === 'POST' ? 'grant_type=client_credentials&token=x' : undefined
        const answer = await ask(
          method,
          `/${house.poolId}${path}`,
          { authorization, ...(body === undefined ? {} : sized(body)) },
          body,
        )
        assert.ok([400, 401].includes(answer.status), `${answer.status} ${path} ${authorization.slice(0, 30)}`)
        assert.doesNotMatch(answer.text, / at .*:\d+:\d+|node_modules/)
      }
    }
  })
})

describe('what a visitor sends', () => {
  it('comes back as text, never as markup, on pages and in errors', async () => {
    const { clientId } = house.clients.shop
    for (const query of [
      { client_id: SCRIPT },
      { client_id: clientId, redirect_uri: SCRIPT },
      {
        client_id: clientId,
        redirect_uri: 'http://localhost:9/callback',
        response_type: SCRIPT,
        scope: SCRIPT,
        state: SCRIPT,
      },
      { error: SCRIPT, error_description: SCRIPT, state: SCRIPT },
    ] as Record<string, string>[]) {
      for (const path of ['/oauth2/authorize', '/login', '/logout']) {
        const answer = await ask('GET', `/${house.poolId}${path}?${new URLSearchParams(query)}`)
        assert.doesNotMatch(answer.text, /<script>alert|onerror=alert/, path)
        assert.ok(answer.status < 500, path)
      }
    }
    const through = browser()
    const party = await house.clients.shop.party()
    await through.open((await party.begin({ login_hint: SCRIPT, state: SCRIPT, lang: SCRIPT, ui_locales: SCRIPT })).url)
    await through.submit({ username: SCRIPT, password: SCRIPT })
    assert.doesNotMatch(through.page.body, /<script>alert|<img src=x/)
    assert.ok(through.page.text.length > 0)
  })

  it('is answered under a policy that runs nothing but our own', async () => {
    for (const path of ['/oauth2/authorize', '/logout/success', '/nowhere']) {
      const policy = (await ask('GET', `/${house.poolId}${path}`)).headers['content-security-policy']
      assert.match(String(policy), /default-src 'none'/, path)
      assert.match(String(policy), /frame-ancestors 'none'/)
      assert.match(String(policy), /base-uri 'none'/)
      assert.doesNotMatch(String(policy), /unsafe-eval|script-src[^;]*(?:unsafe-inline|\*|https?:)/)
    }
  })
})
