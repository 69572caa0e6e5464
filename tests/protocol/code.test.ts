/** The token endpoint and the authorization code. Lines 6, 16, 17, 26 and 28 of docs/conformance.md; attacks 7, 34 and 77. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { basic, refusalOf, send } from '#tests/support/refusals.ts'
import { codeFor, type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { CALLBACK, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop' | 'desk' | 'phone' | 'machine'>
let shop: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read'] },
    clients: {
      shop: { callbackUrls: [CALLBACK, `${CALLBACK}/2`] },
      desk: {},
      phone: { type: 'public', flows: ['authorization_code'] },
      machine: { flows: ['client_credentials'], scopes: ['orders/read'] },
    },
    users: [{}],
  })
  shop = await house.clients.shop.party()
  ;[ann] = house.people as [TestPerson]
})
after(() => house?.stop())

const endpoint = () => `${house.issuer}/oauth2/token`
const authenticated = (name: 'shop' | 'desk' | 'machine') => {
  const { clientId, clientSecret = '' } = house.clients[name]
  return { headers: basic(clientId, clientSecret) }
}
const redemption = ({ code, verifier }: { code: string; verifier: string }) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: CALLBACK,
  code_verifier: verifier,
})

describe('an answer of the token endpoint', () => {
  it('has the members of RFC 6749 and must not be stored', async () => {
    const answer = await send(endpoint(), redemption(await codeFor(shop, ann)), authenticated('shop'))
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.json.token_type, 'Bearer')
    assert.equal(answer.json.expires_in, 3600)
    assert.equal(answer.json.scope, 'openid email profile')
    assert.deepEqual(
      Object.keys(answer.json).sort(),
      ['access_token', 'expires_in', 'id_token', 'refresh_token', 'scope', 'token_type'].sort(),
    )
  })

  it('carries no refresh token for an app that may not refresh', async () => {
    const { tokens } = await signInWith(await house.clients.phone.party(), ann)
    assert.equal(tokens.refresh_token, undefined)
  })
})

describe('an authorization code', () => {
  it('works once; the second use is refused and ends all that the first one gave', async () => {
    const { attempt, callback } = await codeFor(shop, ann)
    const tokens = await shop.finish(attempt, callback)
    await shop.userInfo(tokens.access_token, ann.sub)
    assert.equal(await refusalOf(shop.finish(attempt, callback)), 'invalid_grant')
    assert.equal(await refusalOf(shop.userInfo(tokens.access_token, ann.sub)), 'invalid_token')
    assert.equal(await refusalOf(shop.refresh(tokens.refresh_token ?? '')), 'invalid_grant')
    assert.equal(await refusalOf(shop.finish(attempt, callback)), 'invalid_grant')
  })

  it('is redeemed by exactly one of fifty at once', async () => {
    for (let round = 0; round < 3; round++) {
      const form = redemption(await codeFor(shop, ann))
      const answers = await Promise.all(Array.from({ length: 50 }, () => send(endpoint(), form, authenticated('shop'))))
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      for (const { status, json } of answers) if (status !== 200) assert.equal(json.error, 'invalid_grant')
    }
  })

  it('works with its own verifier, redirect address and app alone', async () => {
    const other = 'M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag'
    const wrong: Record<string, (form: Record<string, string>) => Record<string, string>> = {
      'another verifier': (form) => ({ ...form, code_verifier: other }),
      'no verifier': ({ code_verifier: _, ...form }) => form,
      'another registered address': (form) => ({ ...form, redirect_uri: `${CALLBACK}/2` }),
      'an unknown address': (form) => ({ ...form, redirect_uri: `${CALLBACK}?x=1` }),
    }
    for (const [name, change] of Object.entries(wrong)) {
      const form = redemption(await codeFor(shop, ann))
      const answer = await send(endpoint(), change(form), authenticated('shop'))
      assert.equal(answer.status, 400, name)
      assert.equal(answer.json.error, 'invalid_grant', name)
    }
    const answer = await send(endpoint(), redemption(await codeFor(shop, ann)), authenticated('desk'))
    assert.equal(answer.json.error, 'invalid_grant')
  })

  it('takes no verifier when it was asked for without a challenge', async () => {
    const without = { code_challenge: null, code_challenge_method: null }
    const { code } = await codeFor(shop, ann, { asked: without })
    const verifier = 'M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag'
    const answer = await send(endpoint(), redemption({ code, verifier }), authenticated('shop'))
    assert.equal(answer.json.error, 'invalid_grant')
  })

  it('that nobody gave, or that was cut, is refused', async () => {
    const { code, verifier } = await codeFor(shop, ann)
    for (const presented of [code.slice(0, -1), `${code}A`, 'x', '../../etc/passwd'])
      assert.equal(
        (await send(endpoint(), redemption({ code: presented, verifier }), authenticated('shop'))).json.error,
        'invalid_grant',
        presented,
      )
    assert.equal((await send(endpoint(), redemption({ code, verifier }), authenticated('shop'))).status, 200)
  })

  it('gives nothing once its person is disabled, signed out everywhere or gone', async () => {
    const acts: Record<string, (sub: string) => Promise<unknown>> = {
      disabled: (sub) => house.admin.users.disable({ pool: house.pool, sub }),
      'signed out everywhere': (sub) => house.admin.users.signOut({ pool: house.pool, sub }),
      gone: (sub) => house.admin.users.delete({ pool: house.pool, sub }),
    }
    for (const [name, act] of Object.entries(acts)) {
      const person = await house.createUser()
      const { attempt, callback } = await codeFor(shop, person)
      await act(person.sub)
      assert.equal(await refusalOf(shop.finish(attempt, callback)), 'invalid_grant', name)
    }
  })
})

describe('a request to the token endpoint', () => {
  const errorOf = async (form: Record<string, string> | string, more: Parameters<typeof send>[2] = {}) => {
    const answer = await send(endpoint(), form, more)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    return `${answer.status} ${answer.json.error}`
  }

  it('that is malformed gets a clear error as JSON', async () => {
    const auth = authenticated('shop')
    const machine = authenticated('machine')
    assert.equal(await errorOf({}, auth), '400 invalid_request')
    assert.equal(await errorOf({ grant_type: 'password' }, auth), '400 unsupported_grant_type')
    assert.equal(await errorOf({ grant_type: 'implicit' }, auth), '400 unsupported_grant_type')
    assert.equal(await errorOf({ grant_type: 'client_credentials' }, auth), '400 unauthorized_client')
    assert.equal(await errorOf({ grant_type: 'authorization_code', code: 'x' }, machine), '400 unauthorized_client')
    assert.equal(await errorOf({ grant_type: 'authorization_code' }, auth), '400 invalid_request')
    assert.equal(await errorOf({ grant_type: 'refresh_token' }, auth), '400 invalid_request')
    assert.equal(await errorOf('grant_type=refresh_token&grant_type=refresh_token', auth), '400 invalid_request')
    const twice = 'grant_type=authorization_code&code=a&code=b&redirect_uri=x'
    assert.equal(await errorOf(twice, auth), '400 invalid_request')
    assert.equal(await errorOf({ grant_type: 'client_credentials', scope: 'a"b' }, machine), '400 invalid_scope')
  })

  it('must be a form, of a size, by POST', async () => {
    const json = { ...authenticated('shop').headers, 'content-type': 'application/json' }
    assert.equal((await send(endpoint(), 'grant_type=x', { headers: json })).status, 415)
    assert.equal((await send(endpoint(), { grant_type: 'x'.repeat(70_000) }, authenticated('shop'))).status, 413)
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await send(endpoint(), null, { method })
      assert.equal(answer.status, 405, method)
      assert.match(answer.headers.get('allow') ?? '', /POST/)
    }
  })

  it('finds nothing in the query', async () => {
    const { clientId, clientSecret = '' } = house.clients.machine
    const query = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    })
    assert.equal((await send(`${endpoint()}?${query}`, {})).status, 400)
  })
})

describe('five minutes later', () => {
  it('a code has expired', async () => {
    const { attempt, callback } = await codeFor(shop, ann)
    house.travel(301)
    assert.equal(await refusalOf(shop.finish(attempt, callback)), 'invalid_grant')
  })
})
