/**
 * A person signed in to pool A is a stranger in pool B: whatever A gave — session, code, tokens, hint, journey — is worth
 * nothing there, though both are one server, one origin and one database. Attack 87.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { basic, refusalOf, refusedAtOnce, send } from '#tests/support/refusals.ts'
import { codeFor, type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import {
  startTestHouse,
  type TestClient,
  type TestHouse,
  type TestPerson,
  type TestPool,
} from '#tests/support/test-house.ts'

interface Side {
  pool: TestPool
  client: TestClient
  party: RelyingParty
  person: TestPerson
}

const EMAIL = 'ann@example.com'

let house: TestHouse
let a: Side
let b: Side
before(async () => {
  house = await startTestHouse(null)
  const side = async (password: string): Promise<Side> => {
    const pool = await house.createPool()
    const client = await pool.createClient()
    // The same address in both: two people, as far as the pools know.
    const person = await pool.createUser({ password, attributes: { email: EMAIL, email_verified: true } })
    return { pool, client, party: await client.party(), person }
  }
  a = await side('correct horse battery staple')
  b = await side('another staple battery horse')
})
after(() => house?.stop())

const atB = (path: string, form: Record<string, string>) =>
  send(`${b.pool.issuer}${path}`, form, { headers: basic(b.client.clientId, b.client.clientSecret ?? '') })

describe('in another pool', () => {
  it('the browser’s session is not known, and still serves its own', async () => {
    const { browser: through } = await signInWith(a.party, a.person)
    assert.equal(await refusedAtOnce(b.party, { prompt: 'none' }, through), 'login_required')
    const again = await a.party.begin({ prompt: 'none' })
    await through.open(again.url)
    assert.equal((await a.party.finish(again, through.callback())).claims()?.sub, a.person.sub)
  })

  it('a session cookie is not known even when somebody sends it there', async () => {
    const { browser: through } = await signInWith(a.party, a.person)
    const cookies = await through.cookiesFor(`${a.pool.issuer}/oauth2/authorize`)
    assert.ok(cookies.some(({ name }) => name.includes('session')))
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const { url } = await b.party.begin({ prompt: 'none' })
    const answer = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '', url)
    assert.equal(back.searchParams.get('error'), 'login_required')
  })

  it('the same address with the password of the first is refused', async () => {
    const attempt = await b.party.begin()
    const through = browser()
    await through.open(attempt.url)
    await through.submit({ username: EMAIL, password: a.person.password })
    assert.equal(through.departure, null)
    const { sub } = await signInWith(b.party, b.person)
    assert.equal(sub, b.person.sub)
    assert.notEqual(sub, a.person.sub)
  })

  it('a code cannot be redeemed', async () => {
    const { code, verifier } = await codeFor(a.party, a.person)
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: a.party.redirectUri }
    assert.equal((await atB('/oauth2/token', form)).json.error, 'invalid_grant')
  })

  it('tokens open nothing, are not known, and cannot be revoked', async () => {
    const { tokens } = await signInWith(a.party, a.person)
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
    assert.equal((await atB('/oauth2/token', refresh)).json.error, 'invalid_grant')
    assert.equal(await refusalOf(b.party.userInfo(tokens.access_token, a.person.sub)), 'invalid_token')
    for (const token of [tokens.access_token, tokens.refresh_token ?? '', tokens.id_token ?? '']) {
      assert.deepEqual((await atB('/oauth2/introspect', { token })).json, { active: false })
      assert.equal((await atB('/oauth2/revoke', { token })).status, 200)
    }
    await a.party.userInfo(tokens.access_token, a.person.sub)
    await a.party.refresh(tokens.refresh_token ?? '')
  })

  it('an ID token is no hint', async () => {
    const { tokens } = await signInWith(a.party, a.person)
    assert.equal(await refusedAtOnce(b.party, { id_token_hint: tokens.id_token ?? '' }), 'invalid_request')
  })

  it('an app is not known', async () => {
    const { url } = await b.party.begin()
    url.searchParams.set('client_id', a.client.clientId)
    const through = browser()
    assert.equal((await through.open(url)).status, 400)
    assert.equal(through.departure, null)
    const form = { grant_type: 'refresh_token', refresh_token: 'x' }
    const headers = basic(a.client.clientId, a.client.clientSecret ?? '')
    assert.equal((await send(`${b.pool.issuer}/oauth2/token`, form, { headers })).status, 401)
  })

  it('a journey cannot be continued, with its own cookies and its own form', async () => {
    const through = browser()
    await through.open((await a.party.begin()).url)
    const { url, forms } = through.page
    const fields = Object.fromEntries((forms[0]?.controls ?? []).map(({ name, value }) => [name, value]))
    const cookies = await through.cookiesFor(url)
    const headers = {
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      'sec-fetch-site': 'same-origin',
    }
    const there = url.href.replace(a.pool.poolId, b.pool.poolId)
    const form = { ...fields, username: EMAIL, password: b.person.password }
    for (const answer of [
      await send(there, form, { headers }),
      await send(there, null, { method: 'GET', headers }),
      await send(there.replace(/sign-in$/, 'complete'), null, { method: 'GET', headers }),
    ]) {
      assert.equal(answer.status, 400)
      assert.equal(answer.headers.get('location'), null)
    }
  })

  it('a sign-out does not end the session of the first', async () => {
    const { browser: through } = await signInWith(a.party, a.person)
    const signedIn = await signInWith(b.party, b.person, { through })
    await through.open(b.party.logoutUrl({ id_token_hint: signedIn.tokens.id_token ?? '' }))
    assert.equal(await refusedAtOnce(b.party, { prompt: 'none' }, through), 'login_required')
    const again = await a.party.begin({ prompt: 'none' })
    await through.open(again.url)
    assert.equal((await a.party.finish(again, through.callback())).claims()?.sub, a.person.sub)
  })
})
