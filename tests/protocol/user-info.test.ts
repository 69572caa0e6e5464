/** userInfo: how it is asked, and when a token stops being honoured. Lines 17, 18 and 30 of docs/conformance.md; attacks 25, 26, 29, 75 and 80. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import { refusalOf, send } from '#tests/support/refusals.ts'
import { codeFor, type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { must, SIGNED_OUT, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop' | 'opaque'>
let shop: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read'] },
    clients: {
      shop: { scopes: ['openid', 'email', 'profile', 'orders/read'] },
      opaque: { accessTokenFormat: 'opaque' },
    },
    users: [{}],
  })
  shop = await house.clients.shop.party()
  ;[ann] = house.people as [TestPerson]
})
after(() => house?.stop())

const endpoint = () => `${house.issuer}/oauth2/userInfo`
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('userInfo', () => {
  it('takes the token in the header of a GET or a POST, or in the body of a POST', async () => {
    const { tokens } = await signInWith(shop, ann)
    const token = tokens.access_token
    for (const answer of [
      await send(endpoint(), null, { method: 'GET', headers: bearer(token) }),
      await send(endpoint(), {}, { headers: bearer(token) }),
      await send(endpoint(), { access_token: token }),
      await send(endpoint(), null, { method: 'GET', headers: { authorization: `bearer ${token}` } }),
    ]) {
      assert.equal(answer.status, 200, answer.text)
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.ok(answer.headers.get('date'))
      assert.equal(answer.json.sub, ann.sub)
      assert.equal(answer.json.email, ann.username)
    }
  })

  it('takes no token from the query, nor two at once', async () => {
    const { tokens } = await signInWith(shop, ann)
    const token = tokens.access_token
    const query = await send(`${endpoint()}?access_token=${token}`, null, { method: 'GET' })
    assert.ok([400, 401].includes(query.status))
    const twice = await send(endpoint(), { access_token: token }, { headers: bearer(token) })
    assert.equal(twice.status, 400)
    const repeated = await send(endpoint(), `access_token=${token}&access_token=${token}`)
    assert.equal(repeated.status, 400)
  })

  it('without a token asks for one', async () => {
    const answer = await send(endpoint(), null, { method: 'GET' })
    assert.ok([400, 401].includes(answer.status))
    for (const authorization of ['Bearer', 'Bearer ', 'Bearer a b', 'Basic x', 'x'.repeat(5000)]) {
      const refused = await send(endpoint(), null, { method: 'GET', headers: { authorization } })
      assert.ok([400, 401].includes(refused.status), authorization.slice(0, 20))
    }
  })

  it('answers 403 to a token without openid, and says what is missing', async () => {
    const { tokens } = await signInWith(shop, ann, { asked: { scope: 'orders/read', nonce: null } })
    const answer = await send(endpoint(), null, { method: 'GET', headers: bearer(tokens.access_token) })
    assert.equal(answer.status, 403)
    assert.match(answer.headers.get('www-authenticate') ?? '', /insufficient_scope/)
  })

  it('answers 401 with a challenge to whatever is not a token of ours', async () => {
    const { tokens } = await signInWith(shop, ann)
    const claims = decodeJwt(tokens.access_token)
    const [head = '', body = '', signature = ''] = tokens.access_token.split('.')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwks = (await (await fetch(`${house.issuer}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string; n: string }[]
    }
    const [key] = jwks.keys
    const forged = (alg: string) => new SignJWT(claims).setProtectedHeader({ alg, kid: key?.kid ?? '' })
    const other = await house.createPool()
    const foreign = await signInWith(await (await other.createClient()).party(), await other.createUser())
    const presented: Record<string, string> = {
      'its id': String(claims.jti),
      'the ID token': tokens.id_token ?? '',
      'the refresh token': tokens.refresh_token ?? '',
      'no signature': new UnsecuredJWT(claims).encode(),
      'an empty signature': `${head}.${body}.`,
      'another key': await forged('RS256').sign(privateKey),
      'the public key as a secret': await forged('HS256').sign(Buffer.from(key?.n ?? '', 'base64url')),
      'a changed payload': `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url')}.${signature}`,
      'cut short': tokens.access_token.slice(0, -1),
      'made longer': `${tokens.access_token}A`,
      'a fourth part': `${tokens.access_token}.x`,
      'another pool’s': foreign.tokens.access_token,
      nonsense: 'a.b.c',
      'something long': 'x'.repeat(6000),
    }
    for (const [name, token] of Object.entries(presented)) {
      const answer = await send(endpoint(), null, { method: 'GET', headers: bearer(token) })
      assert.equal(answer.status, 401, name)
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/, name)
    }
    await shop.userInfo(tokens.access_token, ann.sub)
  })
})

describe('an access token is refused at once after', () => {
  type Signed = Awaited<ReturnType<typeof signInWith>>
  const acts: Record<string, (signed: Signed, party: RelyingParty, clientId: string) => Promise<unknown>> = {
    'its own revocation': ({ tokens }, party) => party.revoke(tokens.access_token),
    'the revocation of its refresh token': ({ tokens }, party) => party.revoke(tokens.refresh_token ?? ''),
    'signing out in the browser': ({ tokens, browser: through }, party) =>
      through.open(party.logoutUrl({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: SIGNED_OUT })),
    'signing out everywhere': ({ sub }) => house.admin.users.signOut({ pool: house.pool, sub }),
    'a change of password': ({ sub }) =>
      house.admin.users.setPassword({
        pool: house.pool,
        sub,
        password: 'another staple battery horse',
        isTemporary: false,
      }),
    'disabling the person': ({ sub }) => house.admin.users.disable({ pool: house.pool, sub }),
    'deleting the person': ({ sub }) => house.admin.users.delete({ pool: house.pool, sub }),
    'disabling the app': (_signed, _party, clientId) =>
      house.admin.clients.change({ poolId: house.poolId, clientId, enabled: false }),
    'deleting the app': (_signed, _party, clientId) => house.admin.clients.delete({ poolId: house.poolId, clientId }),
  }
  // Both formats are one row behind one lookup: these stand for the others.
  const alsoOpaque = new Set(['its own revocation', 'disabling the person', 'disabling the app'])
  for (const [name, act] of Object.entries(acts)) {
    for (const accessTokenFormat of alsoOpaque.has(name) ? (['jwt', 'opaque'] as const) : (['jwt'] as const)) {
      it(`${name} (${accessTokenFormat})`, async () => {
        const client = await house.createClient({ accessTokenFormat })
        const party = await client.party()
        const person = await house.createUser()
        const signed = await signInWith(party, person)
        await party.userInfo(signed.tokens.access_token, person.sub)
        await act(signed, party, client.clientId)
        assert.equal(await refusalOf(party.userInfo(signed.tokens.access_token, person.sub)), 'invalid_token')
      })
    }
  }

  it('the replay of its code', async () => {
    const { attempt, callback } = await codeFor(shop, ann)
    const tokens = await shop.finish(attempt, callback)
    await refusalOf(shop.finish(attempt, callback))
    assert.equal(await refusalOf(shop.userInfo(tokens.access_token, ann.sub)), 'invalid_token')
  })

  it('the replay of its code, also for tokens that were refreshed since', async () => {
    const { attempt, callback } = await codeFor(shop, ann)
    const tokens = await shop.finish(attempt, callback)
    const fresh = await shop.refresh(tokens.refresh_token ?? '')
    await refusalOf(shop.finish(attempt, callback))
    assert.equal(await refusalOf(shop.userInfo(fresh.access_token, ann.sub)), 'invalid_token')
  })

  it('its expiry, to the second', async () => {
    const { tokens } = await signInWith(shop, ann)
    house.travel(3598)
    await shop.userInfo(tokens.access_token, ann.sub)
    house.travel(3)
    assert.equal(await refusalOf(shop.userInfo(tokens.access_token, ann.sub)), 'invalid_token')
  })
})

describe('and what has nothing to do with it', () => {
  it('goes on: one sign-in’s end does not end another', async () => {
    const first = await signInWith(shop, ann)
    const second = await signInWith(shop, ann)
    await shop.revoke(first.tokens.refresh_token ?? '')
    await shop.userInfo(second.tokens.access_token, ann.sub)
    must(await house.admin.users.disable({ pool: house.pool, sub: (await house.createUser()).sub }))
    await shop.userInfo(second.tokens.access_token, ann.sub)
  })
})
