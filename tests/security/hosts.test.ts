/** What a request says of its host, its scheme and its address is not believed. Attacks 8, 9, 10 and 95. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { basic, send } from '#tests/support/refusals.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { CALLBACK, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const EVIL = 'evil.example'
const FORWARDING = {
  'x-forwarded-host': EVIL,
  'x-forwarded-proto': 'javascript',
  'x-forwarded-port': '666',
  'x-forwarded-server': EVIL,
  'x-forwarded-for': '192.0.2.66',
  'x-original-url': '/dev/inbox',
  'x-rewrite-url': '/dev/inbox',
  'x-host': EVIL,
  forwarded: `for=192.0.2.66;host=${EVIL};proto=javascript`,
  'x-portico-request-id': 'chosen',
  'x-portico-address': '192.0.2.66',
  'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
  'x-http-method-override': 'DELETE',
}

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
})
after(() => house?.stop())

/** Fetch does not let a caller choose Host. */
const get = (path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const url = new URL(house.origin)
    request({ host: '127.0.0.1', port: url.port, path, headers: { host: url.host, ...headers } }, (answer) => {
      let text = JSON.stringify(answer.headers)
      answer.on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })

describe('a Host header', () => {
  it('that is not ours is answered 421, before anything is looked at', async () => {
    const { port } = new URL(house.origin)
    for (const host of [
      EVIL,
      `${EVIL}:${port}`,
      `localhost:${port}.${EVIL}`,
      `localhost:${port}@${EVIL}`,
      'localhost',
      `127.0.0.1:${port}`,
      `localhost:${port},`,
      'x'.repeat(3000),
    ]) {
      for (const path of [
        `/${house.poolId}/.well-known/openid-configuration`,
        `/${house.poolId}/login`,
        '/',
        '/assets/portico.css',
      ]) {
        const answer = await get(path, { host })
        assert.equal(answer.status, 421, `${host.slice(0, 60)} ${path}`)
        assert.doesNotMatch(answer.text, /evil/)
      }
    }
  })

  it('is ours in any case', async () => {
    const { port } = new URL(house.origin)
    const answer = await get(`/${house.poolId}/.well-known/openid-configuration`, { host: `LOCALHOST:${port}` })
    assert.equal(answer.status, 200)
    assert.match(answer.text, new RegExp(`"issuer":"${house.issuer}"`))
  })
})

describe('forwarding headers of a stranger', () => {
  it('change no address in discovery', async () => {
    const path = `/${house.poolId}/.well-known/openid-configuration`
    const plain = JSON.parse((await get(path, {})).text.replace(/^\{.*?\}(?=\{)/s, ''))
    const forged = await get(path, FORWARDING)
    assert.equal(forged.status, 200)
    assert.deepEqual(JSON.parse(forged.text.replace(/^\{.*?\}(?=\{)/s, '')), plain)
  })

  it('change no link in a message, no redirect, no cookie', async () => {
    const through = browser()
    const party = await house.clients.shop.party()
    const attempt = await party.begin({ screen_hint: 'signup' })
    await through.open(attempt.url, { headers: FORWARDING })
    const typed = { username: 'new@example.com', password: 'wandering teapot 93 times' }
    await through.submit(typed, { headers: FORWARDING })
    const [mail] = await house.inbox('new@example.com')
    const text = JSON.stringify(mail)
    assert.match(text, new RegExp(`${house.issuer}/confirmUser\\?token=`))
    assert.doesNotMatch(text, /evil|javascript:|:666/)
    for (const url of through.page.trail) assert.equal(url.origin, house.origin)
  })

  it('choose neither the request’s id nor its address', async () => {
    const answer = await get(`/${house.poolId}/nowhere`, FORWARDING)
    assert.equal(answer.status, 404)
    assert.doesNotMatch(answer.text, /chosen|inbox/)
    const addresses = await house.house.database.pool.query(
      "SELECT DISTINCT ip, request_id = 'chosen' AS chosen FROM auth_event WHERE request_id IS NOT NULL",
    )
    assert.deepEqual(addresses.rows, [{ ip: '127.0.0.1', chosen: false }])
  })

  it('do not loosen the lock of an account: every guess counts for the same network', async () => {
    const ann = await house.createUser()
    const party = await house.clients.shop.party()
    const through = browser()
    await through.open((await party.begin()).url)
    for (let n = 0; n < 5; n++)
      await through.submit(
        { username: ann.username, password: 'wrong' },
        { headers: { 'x-forwarded-for': `192.0.2.${n}` } },
      )
    await through.submit(
      { username: ann.username, password: ann.password },
      { headers: { 'x-forwarded-for': '192.0.2.9' } },
    )
    assert.equal(through.departure, null)
    assert.match(through.page.text, /throttled/)
  })
})

describe('behind a proxy', () => {
  it('an address that cannot be read is one network for everybody, and no way past a lock', async (t) => {
    const proxied = await startTestHouse(t, { clients: { shop: {} }, config: { TRUSTED_PROXY_HOPS: '1' } })
    const ann = await proxied.createUser()
    const party = await proxied.clients.shop.party()
    const through = browser()
    const as = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    await through.open((await party.begin()).url, as('198.51.100.1'))
    for (const garbage of ['', 'garbage', '999.9.9.9', '198.51.100.1:80', '[::1]'])
      await through.submit({ username: ann.username, password: 'wrong' }, as(garbage))
    await through.submit({ username: ann.username, password: ann.password }, as('other garbage'))
    assert.match(through.page.text, /throttled/)
    await through.submit({ username: ann.username, password: ann.password }, as('6.6.6.6, 198.51.100.1'))
    assert.equal(through.callback().origin + through.callback().pathname, CALLBACK)
  })
})

describe('an Origin header', () => {
  it('is let in where discovery and keys are, for anybody', async () => {
    for (const path of ['/.well-known/openid-configuration', '/.well-known/jwks.json']) {
      const response = await fetch(`${house.issuer}${path}`, { headers: { origin: 'https://anything.example' } })
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.equal(response.headers.get('access-control-allow-credentials'), null)
    }
  })

  it('is not let in to what a client gets unless the client names it, and never when it is null', async () => {
    const ann = await house.createUser()
    const { clientId, clientSecret = '' } = house.clients.shop
    const { tokens } = await signInWith(await house.clients.shop.party(), ann)
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
    const credentials = basic(clientId, clientSecret)
    const answerTo = async (path: string, origin: string) => {
      const isUserInfo = path === '/oauth2/userInfo'
      const form = path === '/oauth2/token' ? refresh : { token: 'unknown' }
      const authorization = isUserInfo ? `Bearer ${tokens.access_token}` : credentials.authorization
      const method = isUserInfo ? 'GET' : 'POST'
      const { headers } = await send(`${house.issuer}${path}`, isUserInfo ? null : form, {
        method,
        headers: { authorization, origin },
      })
      assert.equal(headers.get('access-control-allow-credentials'), null)
      return headers.get('access-control-allow-origin')
    }
    for (const path of ['/oauth2/token', '/oauth2/userInfo', '/oauth2/revoke']) {
      const { origin } = new URL(CALLBACK)
      assert.equal(await answerTo(path, origin), origin, path)
      for (const stranger of [
        'https://evil.example',
        'null',
        `${origin}.evil.example`,
        'http://localhost',
        `${origin}/`,
      ])
        assert.equal(await answerTo(path, stranger), null, `${path} ${stranger}`)
    }
  })

  it('that is not ours, or a site that is not ours, ends a post to a journey', async () => {
    const ann = await house.createUser()
    const party = await house.clients.shop.party()
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: house.origin, 'sec-fetch-site': 'cross-site' },
      { origin: house.origin, 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    ]) {
      const through = browser()
      await through.open((await party.begin()).url)
      const page = await through.submit({ username: ann.username, password: ann.password }, { headers })
      assert.deepEqual([page.status, through.departure], [403, null], JSON.stringify(headers))
    }
  })
})
