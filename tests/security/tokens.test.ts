/** What is accepted as a token of ours. Attacks 25, 26, 56, 75, 80, 83, 84, 86 and 91. */
import assert from 'node:assert/strict'
import { createHmac, createPublicKey } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { basic, send } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import {
  CALLBACK,
  startTestHouse,
  type TestClient,
  type TestHouse,
  type TestPerson,
} from '#tests/support/test-house.ts'

let house: TestHouse<'shop' | 'machine'>
let shop: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read'] },
    settings: { attributes: { 'custom:role': {} } },
    clients: { shop: {}, machine: { flows: ['client_credentials'], scopes: ['orders/read'] } },
  })
  shop = await house.clients.shop.party()
  ann = await house.createUser()
})
after(() => house?.stop())

const credentials = (client: TestClient) => basic(client.clientId, client.clientSecret ?? '')
const userInfo = async (token: string): Promise<number> =>
  (await fetch(`${house.issuer}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } })).status
const isActive = async (token: string): Promise<unknown> =>
  (await send(`${house.issuer}/oauth2/introspect`, { token }, { headers: credentials(house.clients.shop) })).json.active
const parts = (token: string) => {
  const [head = '', body = '', signature = ''] = token.split('.')
  return { head, body, signature }
}
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

/** Everything that could be mistaken for this access token. */
const forgeries = async (token: string): Promise<Record<string, string>> => {
  const { head, body, signature } = parts(token)
  const header = decode(head)
  const claims = decode(body)
  const { keys } = (await (await fetch(`${house.issuer}/.well-known/jwks.json`)).json()) as { keys: JsonWebKey[] }
  const ours = createPublicKey({ key: keys[0] as never, format: 'jwk' })
  const pem = String(ours.export({ format: 'pem', type: 'spki' }))
  const hmac = (secret: string, extra = {}) => {
    const input = `${encode({ ...header, alg: 'HS256', ...extra })}.${body}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const ownKey = await exportJWK(publicKey)
  const signed = (extra: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ ...header, alg: 'RS256', ...extra }).sign(privateKey)
  const grown = encode({ ...claims, scope: `${claims.scope} aws.cognito.signin.user.admin` })
  return {
    'without a signature': `${head}.${body}.`,
    'with alg none': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'with alg NoNe and the old signature': `${encode({ ...header, alg: 'NoNe' })}.${body}.${signature}`,
    'signed by HMAC with the public key as PEM': hmac(pem),
    'signed by HMAC with the public key as JWK': hmac(JSON.stringify(keys[0])),
    'signed by HMAC with nothing': hmac(''),
    'signed by another key under our kid': await signed({}),
    'signed by a key that stands in it': await signed({ jwk: ownKey, kid: undefined }),
    'signed by a key that stands in it, under our kid': await signed({ jwk: ownKey }),
    'signed by a key it points to': await signed({ jku: 'http://localhost:9/jwks.json', kid: 'theirs' }),
    'signed by another key under a path for a kid': await signed({ kid: '../../../dev/null' }),
    'signed by another key under __proto__': await signed({ kid: '__proto__' }),
    'without a kid': `${encode({ ...header, kid: undefined })}.${body}.${signature}`,
    'with more scopes and the old signature': `${head}.${grown}.${signature}`,
    'with a critical header': `${encode({ ...header, crit: ['exp'] })}.${body}.${signature}`,
    'cut by one letter': token.slice(0, -1),
    'cut in the middle': token.slice(0, token.length / 2),
    'with a letter more': `${token}A`,
    'with padding': `${token}==`,
    'with a fourth part': `${token}.${signature}`,
    'with its parts in another order': `${body}.${head}.${signature}`,
    'as nothing but dots': '..',
    'as very many dots': '.'.repeat(10_000),
    'as one long word': 'A'.repeat(20_000),
    'as broken JSON': `${Buffer.from('{').toString('base64url')}.${body}.${signature}`,
    'as a list': `${encode([])}.${encode([])}.${signature}`,
  }
}

describe('an access token', () => {
  it('is honoured as it was given, and in no other form', async () => {
    const { tokens } = await signInWith(shop, ann)
    const token = tokens.access_token
    assert.equal(await userInfo(token), 200)
    assert.equal(await isActive(token), true)
    for (const [how, forged] of Object.entries(await forgeries(token))) {
      assert.equal(await userInfo(forged), 401, how)
      assert.equal(await isActive(forged), false, how)
    }
  })

  it('is no other kind of token: ID tokens, refresh tokens and codes open nothing', async () => {
    const { tokens } = await signInWith(shop, ann)
    for (const other of [tokens.id_token ?? '', tokens.refresh_token ?? '', house.clients.shop.clientSecret ?? ''])
      assert.equal(await userInfo(other), 401)
    const form = { grant_type: 'refresh_token', refresh_token: tokens.access_token }
    const refused = await send(`${house.issuer}/oauth2/token`, form, { headers: credentials(house.clients.shop) })
    assert.equal(refused.json.error, 'invalid_grant')
  })

  it('of another pool is a stranger’s, whatever it says', async () => {
    const there = await house.createPool()
    const client = await there.createClient()
    const { tokens } = await signInWith(await client.party(), await there.createUser())
    assert.equal(await userInfo(tokens.access_token), 401)
    assert.equal(await isActive(tokens.access_token), false)
  })

  it('opaque ones are found whole or not at all', async () => {
    const client = await house.createClient({ accessTokenFormat: 'opaque' })
    const { tokens } = await signInWith(await client.party(), ann)
    const token = tokens.access_token
    assert.equal(await userInfo(token), 200)
    for (const cut of [
      token.slice(0, -1),
      token.slice(1),
      `${token}A`,
      token.toUpperCase(),
      `${token} `.trim().slice(0, 20),
      '%',
      '*',
    ])
      if (cut !== token) assert.equal(await userInfo(cut), 401, cut)
  })

  it('and everything of its sign-in end at once when either token is revoked', async () => {
    for (const kind of ['access_token', 'refresh_token'] as const) {
      const { tokens } = await signInWith(shop, ann)
      await shop.revoke(tokens[kind] ?? '')
      assert.equal(await userInfo(tokens.access_token), 401)
      assert.equal(await isActive(tokens.refresh_token ?? ''), false)
      await assert.rejects(shop.refresh(tokens.refresh_token ?? ''))
    }
  })

  it('of somebody else’s client cannot be revoked, and nobody is told', async () => {
    const { tokens } = await signInWith(shop, ann)
    const other = await house.createClient()
    await send(`${house.issuer}/oauth2/revoke`, { token: tokens.access_token }, { headers: credentials(other) })
    assert.equal(await userInfo(tokens.access_token), 200)
  })
})

describe('a person who may not sign in any more', () => {
  it('is nobody at once, in every way: token, refresh, session and code', async () => {
    for (const cutOff of ['disable', 'delete', 'signOut'] as const) {
      const bo = await house.createUser()
      const { tokens, browser } = await signInWith(shop, bo)
      assert.equal(await userInfo(tokens.access_token), 200)
      const pool = house.pool
      if (cutOff === 'disable') await house.admin.users.disable({ pool, sub: bo.sub })
      if (cutOff === 'delete') await house.admin.users.delete({ pool, sub: bo.sub })
      if (cutOff === 'signOut') await house.admin.users.signOut({ pool, sub: bo.sub })
      assert.equal(await userInfo(tokens.access_token), 401, cutOff)
      assert.equal(await isActive(tokens.refresh_token ?? ''), false, cutOff)
      await assert.rejects(shop.refresh(tokens.refresh_token ?? ''), cutOff)
      await browser.open((await shop.begin({ prompt: 'none' })).url)
      assert.equal(browser.callback().searchParams.get('error'), 'login_required', cutOff)
    }
  })
})

describe('what an app may write or ask for', () => {
  it('a resource indicator changes nothing of a token', async () => {
    const { tokens } = await signInWith(shop, ann, { asked: { resource: 'https://evil.example/api' } })
    assert.doesNotMatch(JSON.stringify(decode(parts(tokens.access_token).body)), /evil/)
  })

  it('registers no clients: there is no such door, and discovery names none', async () => {
    const discovery = await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json()
    assert.equal((discovery as Record<string, unknown>).registration_endpoint, undefined)
    for (const path of ['/oauth2/register', '/reg', '/register', '/oauth2/reg'])
      assert.equal((await fetch(`${house.issuer}${path}`, { method: 'POST', body: '{}' })).status, 404, path)
  })

  it('its secret rests nowhere, as a whole or in part', async () => {
    const secret = house.clients.shop.clientSecret ?? ''
    const { rows } = await house.house.database.pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    )
    for (const { name } of rows) {
      const dump = await house.house.database.pool.query(`SELECT each::text AS row FROM "${name}" AS each`)
      assert.ok(!JSON.stringify(dump.rows).includes(secret), name)
      assert.ok(!JSON.stringify(dump.rows).includes(secret.slice(0, 26)), name)
    }
    assert.ok(house.log.every((line) => !line.includes(secret)))
    assert.ok(CALLBACK)
  })

  it('a machine’s token is nobody’s at userInfo', async () => {
    const machine = await house.clients.machine.party()
    assert.equal(await userInfo((await machine.machineToken()).access_token), 401)
  })
})
