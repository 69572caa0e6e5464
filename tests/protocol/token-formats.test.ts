/** What a pool or a client may choose about its tokens, checked by the verifiers that will meet them. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { JwtVerifier } from 'aws-jwt-verify'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import * as openid from 'openid-client'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { browser } from '#tests/support/form-browser.ts'
import { type ServerUnderTest, startServer } from '#tests/support/portico-server.ts'
import { relyingParty, signInWith } from '#tests/support/relying-party.ts'

const CALLBACK = 'http://localhost:9/callback'
const ANN = { username: 'ann@example.com', password: 'correct horse battery staple' }

let server: ServerUnderTest
before(async () => {
  server = await startServer()
})
after(() => server.stop())

const aPool = async (name: string, settings: PoolSettingsInput = {}) => {
  const app = { callbackUrls: [CALLBACK] }
  const pool = await server.seed({
    name,
    settings: { ...settings, attributes: { 'custom:level': { type: 'number' } } },
    clients: {
      plain: app,
      standard: { ...app, accessTokenFormat: 'rfc9068' },
      opaque: { ...app, accessTokenFormat: 'opaque' },
    },
    people: [
      {
        attributes: { email: ANN.username, email_verified: true, name: 'Ann', 'custom:level': '7' },
        password: ANN.password,
      },
    ],
  })
  const issuer = server.issuerOf(pool)
  return {
    issuer,
    clients: pool.clients,
    keys: createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)),
    published: async () => (await fetch(`${issuer}/.well-known/jwks.json`)).json(),
  }
}

describe('the algorithm of a pool', () => {
  for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
    it(`signs both tokens with ${algorithm} and says so beforehand`, async () => {
      const { issuer, clients, keys } = await aPool(algorithm, { algorithm })
      const party = await relyingParty({ issuer, ...clients.plain })
      const supported = party.config.serverMetadata().id_token_signing_alg_values_supported
      assert.deepEqual(supported, [algorithm])
      const { tokens } = await signInWith(party, ANN)
      for (const token of [tokens.id_token ?? '', tokens.access_token]) {
        const { protectedHeader } = await jwtVerify(token, keys, { issuer, algorithms: [algorithm] })
        assert.equal(protectedHeader.alg, algorithm)
      }
    })
  }
})

describe('the format of access tokens', () => {
  it('is Cognito’s unless told otherwise: the client in client_id, and no audience', async () => {
    const { issuer, clients } = await aPool('Plain')
    const party = await relyingParty({ issuer, ...clients.plain })
    const { tokens } = await signInWith(party, ANN)
    const claims = await party.verified(tokens.access_token)
    assert.deepEqual([claims.client_id, claims.aud], [clients.plain.clientId, undefined])
  })

  it('may be RFC 9068’s: a type of its own and an audience that verifiers can insist on', async () => {
    const { issuer, clients, keys, published } = await aPool('Standard')
    const party = await relyingParty({ issuer, ...clients.standard })
    const { tokens, sub } = await signInWith(party, ANN)
    const audience = clients.standard.clientId
    const { payload } = await jwtVerify(tokens.access_token, keys, { issuer, audience, typ: 'at+jwt' })
    for (const name of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) assert.ok(name in payload, name)
    const verifier = JwtVerifier.create({ issuer, audience })
    verifier.cacheJwks(await published())
    assert.equal((await verifier.verify(tokens.access_token)).sub, sub)
  })

  it('may be opaque: userInfo and introspection know it, and it says nothing to anybody else', async () => {
    const { issuer, clients } = await aPool('Opaque')
    const party = await relyingParty({ issuer, ...clients.opaque })
    const { tokens, sub } = await signInWith(party, ANN)
    assert.ok(!tokens.access_token.includes('.'))
    assert.equal((await party.userInfo(tokens.access_token, sub)).sub, sub)
    const told = await party.introspect(tokens.access_token)
    assert.deepEqual([told.active, told.sub, told.client_id], [true, sub, clients.opaque.clientId])
  })
})

describe('the preset of a pool', () => {
  it('“standard” keeps booleans and numbers what they are, and names the type of its tokens', async () => {
    const { issuer, clients } = await aPool('Standards')
    const party = await relyingParty({ issuer, ...clients.plain })
    const { tokens, sub } = await signInWith(party, ANN)
    const info = await party.userInfo(tokens.access_token, sub)
    assert.deepEqual([info.email_verified, info['custom:level']], [true, 7])
    assert.equal(decodeProtectedHeader(tokens.id_token ?? '').typ, 'JWT')
  })

  it('“cognito” answers as Cognito does: text in userInfo, no type, a key for each kind of token', async () => {
    const { issuer, clients, published } = await aPool('Compatible', { compatibility: { preset: 'cognito' } })
    const party = await relyingParty({ issuer, ...clients.plain })
    const { tokens, sub } = await signInWith(party, ANN, { asked: { scope: 'openid' } })
    const info = await party.userInfo(tokens.access_token, sub)
    assert.deepEqual([info.email_verified, info['custom:level'], info.name], ['true', '7', 'Ann'])
    assert.equal((await party.verified(tokens.id_token ?? '')).email_verified, true)
    const [id, access] = [tokens.id_token ?? '', tokens.access_token].map((token) => decodeProtectedHeader(token))
    assert.deepEqual([id?.typ, access?.typ], [undefined, undefined])
    assert.notEqual(id?.kid, access?.kid)
    assert.equal((await published()).keys.length, 2)
  })
})

describe('the answer to an authorization request', () => {
  it('may come as a form that the browser posts, and openid-client takes it', async () => {
    const { issuer, clients } = await aPool('Posted')
    const party = await relyingParty({ issuer, ...clients.plain })
    const attempt = await party.begin({ response_mode: 'form_post' })
    const through = browser()
    await through.open(attempt.url)
    await through.submit(ANN)
    await through.submit()
    assert.equal(through.departure?.method, 'POST')
    const posted = new Request(CALLBACK, { method: 'POST', body: through.departure?.fields ?? null })
    const tokens = await openid.authorizationCodeGrant(party.config, posted, attempt.checks)
    assert.ok(tokens.claims()?.sub)
  })
})
