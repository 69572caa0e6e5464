import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, exportJWK, jwtVerify } from 'jose'
import { hostileSignIn } from '#tests/support/hostile-sign-in.ts'
import { UPSTREAM_CALLBACK, UPSTREAM_CLIENT } from '#tests/support/upstream-client.ts'

const { clock, provider, aClient, signIn } = await hostileSignIn()

const MINUTE = 60_000
const lastTo = (path: string) => provider.seen.findLast((one) => one.path === path) ?? assert.fail(`nothing to ${path}`)
const countTo = (path: string) => provider.seen.filter((one) => one.path === path).length

describe('sending somebody to a provider', () => {
  it('asks for a code with PKCE, state and nonce, each fresh', async () => {
    const client = aClient()
    const [one, two] = [await client.begin(), await client.begin()]
    const asked = Object.fromEntries(one.url.searchParams)
    assert.equal(one.url.origin + one.url.pathname, `${provider.issuer}/authorize`)
    assert.equal(asked.response_type, 'code')
    assert.equal(asked.redirect_uri, UPSTREAM_CALLBACK)
    assert.equal(asked.scope, 'openid profile email')
    assert.equal(asked.state, 'state-of-the-journey')
    assert.equal(asked.code_challenge_method, 'S256')
    assert.equal(asked.prompt, undefined)
    for (const name of ['nonce', 'code_challenge']) {
      assert.ok((asked[name]?.length ?? 0) >= 43)
      assert.notEqual(asked[name], two.url.searchParams.get(name))
    }
    assert.ok(!one.url.href.includes(String(one.remember.verifier)))
  })

  it('passes on the hint, the level, the language and the wish for a new authentication', async () => {
    const { url } = await aClient().begin({ loginHint: 'ann@x', acr: 'gold', locale: 'de', forceAuthentication: true })
    const { login_hint, acr_values, ui_locales, prompt, max_age } = Object.fromEntries(url.searchParams)
    assert.deepEqual(
      { login_hint, acr_values, ui_locales, prompt, max_age },
      { login_hint: 'ann@x', acr_values: 'gold', ui_locales: 'de', prompt: 'login', max_age: '0' },
    )
  })

  it('passes on that the person wants to choose an account, beside the wish for a new authentication or alone', async () => {
    const promptOf = async (more: Parameters<ReturnType<typeof aClient>['begin']>[0], settings = {}) => {
      const { searchParams } = (await aClient(settings).begin(more)).url
      return [...searchParams.getAll('prompt'), searchParams.get('max_age')]
    }
    assert.deepEqual(await promptOf({ asksForAccount: true }), ['select_account', null])
    assert.deepEqual(await promptOf({ asksForAccount: true, forceAuthentication: true }), ['login select_account', '0'])
    const own = { authorizationParameters: { prompt: 'consent' } }
    assert.deepEqual(await promptOf({}, own), ['consent', null])
    assert.deepEqual(await promptOf({ asksForAccount: true }, own), ['select_account', null])
  })

  it('adds parameters of the settings, which replace none of ours', async () => {
    const authorizationParameters = {
      hd: 'fjord.example',
      state: 'fixed',
      redirect_uri: 'https://evil.example',
      scope: 'x',
    }
    provider.misbehave({
      discovery: (all) => ({ ...all, authorization_endpoint: `${provider.issuer}/authorize?tenant=1&state=theirs` }),
    })
    const { searchParams } = (await aClient({ authorizationParameters }).begin()).url
    assert.equal(searchParams.get('hd'), 'fjord.example')
    assert.equal(searchParams.get('tenant'), '1')
    assert.deepEqual(searchParams.getAll('state'), ['state-of-the-journey'])
    assert.deepEqual(searchParams.getAll('redirect_uri'), [UPSTREAM_CALLBACK])
    assert.equal(searchParams.get('scope'), 'openid profile email')
  })
})

describe('receiving somebody from a provider', () => {
  it('says who it is, with the claims of ID token and userInfo together', async () => {
    provider.misbehave({ claims: (all) => ({ ...all, amr: ['pwd', 'otp'], acr: 'gold', auth_time: 1893500000 }) })
    const result = await signIn()
    assert.ok(result.ok, JSON.stringify(result))
    assert.deepEqual(result.value, {
      subject: 'ann-4711',
      claims: {
        ...{ sub: 'ann-4711', name: 'Ann', email: 'ann@fjord.example', email_verified: true },
        ...{ amr: ['pwd', 'otp'], acr: 'gold', auth_time: 1893500000 },
      },
      amr: ['pwd', 'otp'],
      acr: 'gold',
      authenticatedAt: 1893500000,
      session: null,
    })
  })

  it('lets what is signed count where both speak, and no flag vouch for an address of the other', async () => {
    provider.misbehave({
      claims: (all) => ({ ...all, email: 'victim@fjord.example' }),
      userInfo: (all) => ({ ...all, name: 'Unsigned', email: 'attacker@evil.example', email_verified: true }),
    })
    const result = await signIn()
    assert.ok(result.ok)
    assert.equal(result.value.claims.email, 'victim@fjord.example')
    assert.equal(result.value.claims.email_verified, undefined)
    assert.equal(result.value.claims.name, 'Ann')
  })

  it('takes a userInfo endpoint that is not asked for as none', async () => {
    const result = await signIn(aClient({ usesUserInfo: false }))
    assert.ok(result.ok)
    assert.equal(result.value.claims.email, undefined)
    assert.equal(countTo('/userinfo'), 0)
  })

  it('bears a clock that is off by as much as the settings say', async () => {
    const off = (seconds: number) => ({
      claims: (all: Record<string, unknown>) => ({
        ...all,
        iat: Number(all.iat) + seconds,
        exp: Number(all.iat) + seconds + 1,
      }),
    })
    for (const seconds of [-240, 240]) {
      provider.misbehave(off(seconds))
      assert.ok((await signIn(aClient({ clockSkewSeconds: 300 }))).ok)
      assert.ok(!(await signIn(aClient({ clockSkewSeconds: 60 }))).ok)
    }
  })

  it('holds a provider that says when it authenticated to the wish for a new one', async () => {
    const at = (seconds: number) => ({
      claims: (all: Record<string, unknown>) => ({ ...all, auth_time: Number(all.iat) + seconds }),
    })
    provider.misbehave(at(-3600))
    const old = await signIn(aClient(), { forceAuthentication: true })
    assert.equal(!old.ok && old.failure.because, 'the person was not asked to authenticate anew')
    assert.ok((await signIn(aClient())).ok)
    provider.misbehave(at(0))
    assert.ok((await signIn(aClient(), { forceAuthentication: true })).ok)
  })
})

describe('remembering a provider', () => {
  it('asks for discovery and keys once, for many sign-ins', async () => {
    const client = aClient()
    for (let count = 0; count < 3; count += 1) assert.ok((await signIn(client)).ok)
    assert.equal(countTo('/.well-known/openid-configuration'), 1)
    assert.equal(countTo('/keys'), 1)
  })

  it('fetches a key that it does not know yet, and not oftener than four times a minute', async () => {
    const client = aClient()
    assert.ok((await signIn(client)).ok)
    await provider.rotateKey()
    clock.advance(MINUTE)
    assert.ok((await signIn(client)).ok)
    assert.equal(countTo('/keys'), 2)
    provider.misbehave({ header: () => ({ kid: 'invented' }) })
    for (let count = 0; count < 5; count += 1) assert.ok(!(await signIn(client)).ok)
    assert.equal(countTo('/keys'), 2)
  })

  it('survives an outage of discovery and keys for a while, and not for ever', async () => {
    const client = aClient()
    assert.ok((await signIn(client)).ok)
    provider.misbehave({ answer: { path: /well-known|keys/, send: (response) => response.writeHead(503).end() } })
    clock.advance(30 * MINUTE)
    assert.ok((await signIn(client)).ok)
    clock.advance(45 * MINUTE)
    const { url, remember } = await client.begin()
    const result = await client.finish(provider.signIn(url.href), remember)
    assert.equal(!result.ok && result.failure.because, 'keys: answered 503')
    clock.advance(24 * 60 * MINUTE)
    await assert.rejects(client.begin(), /discovery: answered 503/)
  })

  it('needs no discovery where the settings name the endpoints', async () => {
    const { issuer } = provider
    const endpoints = { authorization: `${issuer}/authorize`, token: `${issuer}/token`, keys: `${issuer}/keys` }
    const result = await signIn(aClient({ endpoints }))
    assert.ok(result.ok, JSON.stringify(result))
    assert.equal(countTo('/.well-known/openid-configuration'), 0)
  })
})

describe('proving ourselves to a provider', () => {
  it('sends the secret in the body, as Cognito does, unless told otherwise', async () => {
    await signIn()
    assert.equal(lastTo('/token').body.get('client_secret'), 'swordfish')
    assert.equal(lastTo('/token').headers.authorization, undefined)
    await signIn(aClient({ auth: { method: 'client_secret_basic' } }, 'sword:fish+é'))
    assert.equal(lastTo('/token').body.get('client_secret'), null)
    const sent = Buffer.from(String(lastTo('/token').headers.authorization).slice(6), 'base64').toString()
    assert.equal(sent, 'portico-client:sword%3Afish%2B%C3%A9')
  })

  it('signs an assertion with its own key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const auth = { method: 'private_key_jwt', keyId: 'ours', algorithm: 'PS256' }
    assert.ok((await signIn(aClient({ auth }, pem))).ok)
    const assertion = lastTo('/token').body.get('client_assertion') ?? ''
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'ours' }] })
    const { payload, protectedHeader } = await jwtVerify(assertion, keys, {
      currentDate: clock.now(),
      clockTolerance: 5,
    })
    assert.equal(protectedHeader.alg, 'PS256')
    assert.deepEqual([payload.iss, payload.sub], [UPSTREAM_CLIENT, UPSTREAM_CLIENT])
    assert.ok(payload.jti)
  })

  it('makes and renews a secret for Apple', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const auth = { method: 'apple_secret', teamId: 'ABCDE12345', keyId: 'KEY1234567' }
    const client = aClient({ auth }, pem)
    const sentSecret = async () => {
      assert.ok((await signIn(client)).ok)
      return lastTo('/token').body.get('client_secret') ?? ''
    }
    const first = await sentSecret()
    const options = { currentDate: clock.now(), audience: 'https://appleid.apple.com', issuer: 'ABCDE12345' }
    const { payload } = await jwtVerify(first, publicKey, options)
    assert.equal(payload.sub, UPSTREAM_CLIENT)
    assert.deepEqual(decodeProtectedHeader(first), { alg: 'ES256', kid: 'KEY1234567' })
    assert.equal(await sentSecret(), first)
    clock.advance(31 * MINUTE)
    const second = await sentSecret()
    assert.ok(Number(decodeJwt(second).exp) > Number(payload.exp))
    assert.ok(Number(decodeJwt(second).exp) - clock.now().getTime() / 1000 < 15_777_000)
  })

  it('takes a key of Apple without its first and last line', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const bare = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
    const auth = { method: 'apple_secret', teamId: 'ABCDE12345', keyId: 'KEY1234567' }
    assert.ok((await signIn(aClient({ auth }, bare))).ok)
  })

  it('refuses to go on with a secret that is no key', async () => {
    const auth = { method: 'apple_secret', teamId: 'ABCDE12345', keyId: 'KEY1234567' }
    const result = await signIn(aClient({ auth }, 'not a key'))
    assert.equal(!result.ok && result.failure.because, 'our secret for the provider cannot be used')
  })
})
