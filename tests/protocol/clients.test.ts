/**
 * Portico as other people's software meets it: openid-client as relying party, jose and aws-jwt-verify as APIs that check
 * tokens. No token, page or answer is read by code of ours here.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { JwtVerifier } from 'aws-jwt-verify'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { browser } from '#tests/support/form-browser.ts'
import { type ServerUnderTest, startServer } from '#tests/support/portico-server.ts'
import { type RelyingPartySettings, relyingParty, signInWith } from '#tests/support/relying-party.ts'
import type { SeededClient } from '#tests/support/seed-pool.ts'

const CALLBACK = 'http://localhost:9/callback'
const SIGNED_OUT = 'http://localhost:9/signed-out'
const ANN = { username: 'ann@example.com', password: 'correct horse battery staple' }

let server: ServerUnderTest
let issuer: string
let shop: SeededClient
let desk: SeededClient
let phone: SeededClient
let robot: SeededClient

const partyOf = (client: SeededClient, more: Partial<RelyingPartySettings> = {}) =>
  relyingParty({ issuer, ...client, ...more })

before(async () => {
  server = await startServer()
  const pool = await server.seed({
    name: 'Clients',
    resourceServers: [{ identifier: 'orders', name: 'Orders', scopes: [{ name: 'read', description: 'Read orders' }] }],
    clients: {
      shop: { callbackUrls: [CALLBACK], logoutUrls: [SIGNED_OUT] },
      desk: { callbackUrls: [CALLBACK], refreshRotation: { enabled: true, graceSeconds: 0 } },
      phone: { type: 'public', callbackUrls: [CALLBACK] },
      robot: { flows: ['client_credentials'], scopes: ['orders/read'] },
    },
    people: [{ attributes: { email: ANN.username, email_verified: true, name: 'Ann' }, password: ANN.password }],
  })
  issuer = server.issuerOf(pool)
  ;({ shop, desk, phone, robot } = pool.clients)
})
after(() => server.stop())

describe('openid-client', () => {
  it('signs a person in by code, PKCE, state and nonce, and finds what it asked for', async () => {
    const party = await partyOf(shop)
    const { tokens, sub } = await signInWith(party, ANN)
    const claims = await party.verified(tokens.id_token ?? '')
    assert.equal(claims.aud, shop.clientId)
    assert.equal(claims.token_use, 'id')
    assert.equal(claims.email, ANN.username)
    const info = await party.userInfo(tokens.access_token, sub)
    assert.equal(info.sub, sub)
    assert.equal(info.email, ANN.username)
  })

  for (const authentication of ['basic', 'post'] as const) {
    it(`is let in with client_secret_${authentication}, whichever it prefers`, async () => {
      const party = await partyOf(shop, { authentication })
      const { tokens } = await signInWith(party, ANN)
      assert.ok(tokens.refresh_token)
    })
  }

  it('signs in from an app that can keep no secret, with PKCE', async () => {
    const party = await partyOf(phone)
    const { tokens } = await signInWith(party, ANN)
    assert.equal((await party.verified(tokens.access_token)).client_id, phone.clientId)
  })

  it('is refused by an app without a secret that leaves PKCE out', async () => {
    const party = await partyOf(phone)
    const attempt = await party.begin({ code_challenge: null, code_challenge_method: null })
    const through = browser()
    await through.open(attempt.url)
    await assert.rejects(party.finish(attempt, through.callback()), (error) => {
      assert.ok(error instanceof AuthorizationResponseError)
      return error.error === 'invalid_request'
    })
  })

  it('refreshes as often as it likes, and the ID token is still about the same sign-in', async () => {
    const party = await partyOf(shop)
    const { tokens } = await signInWith(party, ANN)
    const first = await party.verified(tokens.id_token ?? '')
    assert.equal(typeof first.auth_time, 'number')
    for (let turn = 0; turn < 2; turn++) {
      const fresh = await party.refresh(tokens.refresh_token ?? '')
      assert.equal(fresh.refresh_token ?? tokens.refresh_token, tokens.refresh_token)
      const claims = await party.verified(fresh.id_token ?? '')
      assert.equal(claims.auth_time, first.auth_time)
      assert.equal(claims.origin_jti, first.origin_jti)
      assert.notEqual(claims.jti, first.jti)
    }
  })

  it('gets a new refresh token each time where they rotate', async () => {
    const party = await partyOf(desk)
    const { tokens } = await signInWith(party, ANN)
    const second = await party.refresh(tokens.refresh_token ?? '')
    const third = await party.refresh(second.refresh_token ?? '')
    assert.equal(new Set([tokens.refresh_token, second.refresh_token, third.refresh_token]).size, 3)
  })

  it('gets a token of its own without a person, and no more scopes than it may have', async () => {
    const party = await partyOf(robot)
    const { access_token } = await party.machineToken('orders/read')
    const claims = await party.verified(access_token)
    assert.deepEqual([claims.sub, claims.client_id, claims.scope], [robot.clientId, robot.clientId, 'orders/read'])
    await assert.rejects(party.machineToken('orders/burn'), (error) => {
      assert.ok(error instanceof ResponseBodyError)
      return error.error === 'invalid_scope'
    })
  })

  it('learns from introspection whether a token is alive, and userInfo refuses one that was revoked', async () => {
    const party = await partyOf(shop)
    const { tokens, sub } = await signInWith(party, ANN)
    assert.equal((await party.introspect(tokens.access_token)).active, true)
    await party.revoke(tokens.refresh_token ?? '')
    assert.equal((await party.introspect(tokens.access_token)).active, false)
    await assert.rejects(party.userInfo(tokens.access_token, sub), (error) => {
      assert.ok(error instanceof WWWAuthenticateChallengeError)
      return error.status === 401 && error.cause[0]?.parameters.error === 'invalid_token'
    })
    await assert.rejects(party.refresh(tokens.refresh_token ?? ''), (error) => {
      assert.ok(error instanceof ResponseBodyError)
      return error.error === 'invalid_grant'
    })
  })

  it('asks no second sign-in of a person whom another app of the pool has signed in', async () => {
    const first = await partyOf(shop)
    const { sub, browser: through } = await signInWith(first, ANN)
    const second = await partyOf(desk)
    const attempt = await second.begin({ prompt: 'none' })
    await through.open(attempt.url)
    const tokens = await second.finish(attempt, through.callback())
    assert.equal(tokens.claims()?.sub, sub)
  })

  it('hears login_required when it asks for silence and nobody is signed in', async () => {
    const party = await partyOf(shop)
    const attempt = await party.begin({ prompt: 'none' })
    const through = browser()
    await through.open(attempt.url)
    await assert.rejects(party.finish(attempt, through.callback()), (error) => {
      assert.ok(error instanceof AuthorizationResponseError)
      return error.error === 'login_required'
    })
  })

  it('signs a person out at the pool, and the next attempt asks for the password again', async () => {
    const party = await partyOf(shop)
    const { tokens, browser: through } = await signInWith(party, ANN)
    await through.open(
      party.logoutUrl({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: SIGNED_OUT, state: 'bye' }),
    )
    if (through.departure === null) await through.submit({}, { button: 'Sign out' })
    assert.equal(through.callback().href, `${SIGNED_OUT}?state=bye`)
    const attempt = await party.begin()
    await through.open(attempt.url)
    assert.ok(through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
  })
})

describe('jose', () => {
  it('verifies both tokens with the published keys and finds Cognito’s claims', async () => {
    const party = await partyOf(shop)
    const { tokens, sub } = await signInWith(party, ANN)
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
    const id = await jwtVerify(tokens.id_token ?? '', keys, { issuer, audience: shop.clientId, algorithms: ['RS256'] })
    const access = await jwtVerify(tokens.access_token, keys, { issuer, algorithms: ['RS256'] })
    assert.equal(id.payload.sub, sub)
    assert.equal(access.payload.sub, sub)
    assert.equal(access.payload.aud, undefined)
    assert.equal(access.payload.client_id, shop.clientId)
    assert.equal(access.payload.token_use, 'access')
    assert.equal(access.payload.version, 2)
    assert.equal(access.payload.email, undefined)
    assert.equal(access.payload.event_id, id.payload.event_id)
    assert.ok(decodeProtectedHeader(tokens.access_token).kid)
  })
})

describe('aws-jwt-verify', () => {
  it('finds the keys where it looks for them and accepts both tokens and a machine’s', async () => {
    const party = await partyOf(shop)
    const { tokens } = await signInWith(party, ANN)
    const { access_token: machine } = await (await partyOf(robot)).machineToken('orders/read')
    const madeFor = (clientId: string) => {
      const verifier = JwtVerifier.create({
        issuer,
        audience: null,
        customJwtCheck: ({ payload }) => {
          if ((payload.client_id ?? payload.aud) !== clientId) throw new Error('made for another client')
        },
      })
      return verifier
    }
    // It fetches over https only; here it is given the document of the address it derives from the issuer.
    assert.equal(party.config.serverMetadata().jwks_uri, `${issuer}/.well-known/jwks.json`)
    const jwks = await (await fetch(`${issuer}/.well-known/jwks.json`)).json()
    for (const [clientId, token] of [
      [shop.clientId, tokens.id_token ?? ''],
      [shop.clientId, tokens.access_token],
      [robot.clientId, machine],
    ] as const) {
      const verifier = madeFor(clientId)
      verifier.cacheJwks(jwks)
      assert.equal((await verifier.verify(token)).iss, issuer)
    }
    const stranger = madeFor(desk.clientId)
    stranger.cacheJwks(jwks)
    await assert.rejects(stranger.verify(tokens.access_token), /another client/)
  })
})
