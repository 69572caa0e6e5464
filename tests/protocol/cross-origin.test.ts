/** Which scripts of which origins may read answers. Attack 95. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { send } from '#tests/support/refusals.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const APP = 'https://app.example.com'
const SCRIPTS = 'https://scripts.example.com'
const CALLBACK = `${APP}/callback`

let house: TestHouse<'page' | 'native'>
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    clients: {
      page: { type: 'public', callbackUrls: [CALLBACK], allowedOrigins: [SCRIPTS] },
      native: { type: 'public', callbackUrls: ['myapp://callback'] },
    },
    users: [{}],
  })
  ;[ann] = house.people as [TestPerson]
})
after(() => house?.stop())

const at = (path: string) => `${house.issuer}/oauth2/${path}`
const tokensFor = async () => (await signInWith(await house.clients.page.party(), ann)).tokens
const allowed = (headers: Headers) => headers.get('access-control-allow-origin')

describe('a script', () => {
  it('of the app’s own origin, or one the app allows, may read token, userInfo and revocation answers', async () => {
    for (const origin of [APP, SCRIPTS]) {
      const { clientId } = house.clients.page
      const tokens = await tokensFor()
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', client_id: clientId }
      const headers = { origin }
      const refreshed = await send(at('token'), form, { headers })
      assert.equal(refreshed.status, 200)
      const authorization = `Bearer ${tokens.access_token}`
      const info = await send(at('userInfo'), null, { method: 'GET', headers: { origin, authorization } })
      assert.equal(info.status, 200)
      const revoked = await send(at('revoke'), { token: tokens.refresh_token ?? '', client_id: clientId }, { headers })
      assert.equal(revoked.status, 200)
      for (const answer of [refreshed, info, revoked]) {
        assert.equal(allowed(answer.headers), origin)
        assert.match(answer.headers.get('vary') ?? '', /Origin/)
        assert.equal(answer.headers.get('access-control-allow-credentials'), null)
      }
    }
  })

  it('of any other origin is refused, and so is one that has none', async () => {
    const { clientId } = house.clients.page
    for (const origin of [
      'https://evil.example.com',
      'https://app.example.com.evil.example',
      'http://app.example.com',
      'null',
    ]) {
      const tokens = await tokensFor()
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', client_id: clientId }
      const refreshed = await send(at('token'), form, { headers: { origin } })
      const authorization = `Bearer ${tokens.access_token}`
      const info = await send(at('userInfo'), null, { method: 'GET', headers: { origin, authorization } })
      for (const answer of [refreshed, info]) {
        assert.equal(answer.status, 400, origin)
        assert.equal(allowed(answer.headers), null, origin)
        assert.equal(answer.json.access_token, undefined)
        assert.equal(answer.json.sub, undefined)
      }
    }
  })

  it('cannot pass for a native app’s', async () => {
    const { clientId } = house.clients.native
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: clientId }
    for (const origin of ['null', 'myapp://callback', 'https://evil.example.com'])
      assert.equal(allowed((await send(at('token'), form, { headers: { origin } })).headers), null)
  })

  it('asks first, and hears which methods there are', async () => {
    const headers = {
      origin: APP,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    for (const path of ['token', 'userInfo', 'revoke']) {
      const answer = await send(at(path), null, { method: 'OPTIONS', headers })
      assert.equal(answer.status, 204, path)
      assert.equal(allowed(answer.headers), APP)
      assert.match(answer.headers.get('access-control-allow-methods') ?? '', /POST/)
    }
  })

  it('may never read the authorization endpoint or a page', async () => {
    const { url } = await (await house.clients.page.party()).begin()
    const answer = await fetch(url, { headers: { origin: APP }, redirect: 'manual' })
    assert.equal(allowed(answer.headers), null)
    const page = await fetch(new URL(answer.headers.get('location') ?? '', url), { headers: { origin: APP } })
    assert.equal(allowed(page.headers), null)
  })

  it('of any origin may read discovery and keys', async () => {
    for (const path of ['openid-configuration', 'jwks.json']) {
      const answer = await fetch(`${house.issuer}/.well-known/${path}`, {
        headers: { origin: 'https://any.example.com' },
      })
      assert.equal(allowed(answer.headers), '*')
    }
  })
})
