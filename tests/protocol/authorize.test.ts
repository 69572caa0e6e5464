/** The authorization endpoint: what it grants and how it answers. Lines 5, 6, 9, 14, 15, 20, 26 and 28 of docs/conformance.md; attacks 1–7. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { basic, refusedAtOnce, send } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { CALLBACK, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const CALLBACK_WITH_QUERY = 'http://localhost:9/callback?tenant=a&x=1'

let house: TestHouse<'shop' | 'phone' | 'strict' | 'twin' | 'machine'>
let shop: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read', 'write'] },
    clients: {
      shop: { scopes: ['openid', 'email', 'profile', 'orders/read'] },
      phone: { type: 'public' },
      strict: { pkce: 'required' },
      twin: { callbackUrls: [CALLBACK, CALLBACK_WITH_QUERY] },
      machine: { flows: ['client_credentials'], scopes: ['orders/read'] },
    },
  })
  shop = await house.clients.shop.party()
  ann = await house.createUser()
})
after(() => house?.stop())

describe('the answer to the app', () => {
  it('carries code, state and issuer, and nothing else', async () => {
    const attempt = await shop.begin()
    const through = browser()
    await through.open(attempt.url)
    await through.submit({ username: ann.username, password: ann.password })
    const { searchParams } = through.callback()
    assert.deepEqual([...searchParams.keys()].sort(), ['code', 'iss', 'state'])
    assert.equal(searchParams.get('iss'), house.issuer)
    assert.equal(searchParams.get('state'), attempt.url.searchParams.get('state'))
  })

  it('returns the state byte for byte, whatever is in it, with and without a session', async () => {
    const through = browser()
    const states = [
      '{"to":"/basket?a=1&b=2","lang":"ä€🛒"}',
      'a+b c%20d%2520e',
      '%7B%22already%22%3A%22encoded%22%7D',
      '"><script>alert(1)</script>',
      ' leading and trailing ',
      'x'.repeat(4000),
    ]
    for (const state of states) {
      const attempt = await shop.begin({ state })
      await through.open(attempt.url)
      if (through.departure === null) await through.submit({ username: ann.username, password: ann.password })
      assert.equal(through.callback().searchParams.get('state'), state)
      await shop.finish(attempt, through.callback())
    }
  })

  it('keeps the query of a registered callback', async () => {
    const twin = await house.clients.twin.party({ redirectUri: CALLBACK_WITH_QUERY })
    const attempt = await twin.begin()
    const through = browser()
    await through.open(attempt.url)
    await through.submit({ username: ann.username, password: ann.password })
    const back = through.callback()
    assert.ok(back.href.startsWith(CALLBACK_WITH_QUERY), back.href)
    // openid-client cuts the query off the callback it redeems at.
    const { clientId, clientSecret = '' } = house.clients.twin
    const form = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK_WITH_QUERY,
      code_verifier: attempt.checks.pkceCodeVerifier ?? '',
    }
    const answer = await send(`${house.issuer}/oauth2/token`, form, { headers: basic(clientId, clientSecret) })
    assert.equal(answer.status, 200, answer.text)
  })

  it('goes without state and nonce when none were sent', async () => {
    const attempt = await shop.begin({ state: null, nonce: null })
    const through = browser()
    await through.open(attempt.url)
    await through.submit({ username: ann.username, password: ann.password })
    assert.equal(through.callback().searchParams.has('state'), false)
    const tokens = await shop.finish(attempt, through.callback())
    assert.equal(tokens.claims()?.nonce, undefined)
  })

  it('puts the nonce into the ID token as it came', async () => {
    const nonce = `n ${'ö'.repeat(300)}/+&=`
    const { tokens } = await signInWith(shop, ann, { asked: { nonce } })
    assert.equal(tokens.claims()?.nonce, nonce)
  })

  it('is posted as a form when the app asks for form_post, errors included', async () => {
    const through = browser()
    const attempt = await shop.begin({ response_mode: 'form_post' })
    await through.open(attempt.url)
    await through.submit({ username: ann.username, password: ann.password })
    if (through.departure === null) await through.submit()
    assert.equal(through.departure?.method, 'POST')
    assert.equal(through.departure.url.href, CALLBACK)
    await shop.finish(attempt, through.callback())

    const refused = await shop.begin({ response_mode: 'form_post', scope: 'openid unknown' })
    await through.open(refused.url)
    if (through.departure === null) await through.submit()
    assert.equal(through.departure?.method, 'POST')
    assert.equal(through.departure.fields.get('error'), 'invalid_scope')
    assert.equal(through.departure.fields.get('state'), refused.url.searchParams.get('state'))
    assert.equal(through.departure.fields.get('iss'), house.issuer)
  })
})

describe('PKCE', () => {
  const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

  it('is S256 or nothing', async () => {
    for (const asked of [
      { code_challenge: CHALLENGE, code_challenge_method: 'plain' },
      { code_challenge: CHALLENGE, code_challenge_method: null },
      { code_challenge: null, code_challenge_method: 'S256' },
      { code_challenge: 'too-short', code_challenge_method: 'S256' },
      { code_challenge: CHALLENGE, code_challenge_method: 's256' },
    ])
      assert.equal(await refusedAtOnce(shop, asked), 'invalid_request', JSON.stringify(asked))
  })

  it('may be left out by a confidential app, unless its policy says otherwise', async () => {
    const without = { code_challenge: null, code_challenge_method: null }
    const { tokens } = await signInWith(shop, ann, { asked: without })
    assert.ok(tokens.access_token)
    for (const name of ['phone', 'strict'] as const)
      assert.equal(await refusedAtOnce(await house.clients[name].party(), without), 'invalid_request', name)
    await signInWith(await house.clients.strict.party(), ann)
    await signInWith(await house.clients.phone.party(), ann)
  })
})

describe('an authorization request', () => {
  it('shows a page and redirects nowhere when client or callback are not known', async () => {
    const through = browser()
    const wrong: Record<string, Record<string, string | null>> = {
      'unknown client': { client_id: 'nobody00000000000000000000' },
      'no client': { client_id: '' },
      'unregistered callback': { redirect_uri: 'http://localhost:9/other' },
      'no callback': { redirect_uri: null },
      'slash at the end': { redirect_uri: `${CALLBACK}/` },
      'query beside': { redirect_uri: `${CALLBACK}?next=evil` },
      fragment: { redirect_uri: `${CALLBACK}#x` },
      'other case': { redirect_uri: CALLBACK.replace('callback', 'Callback') },
      'other port': { redirect_uri: CALLBACK.replace(':9', ':10') },
      'user info': { redirect_uri: CALLBACK.replace('localhost', 'localhost:9@evil.example.com') },
      'longer host': { redirect_uri: CALLBACK.replace('localhost', 'localhost.evil.example.com') },
      'dot segments': { redirect_uri: 'http://localhost:9/x/../callback' },
      script: { redirect_uri: 'javascript:alert(1)//' },
      'a machine’s client': { client_id: house.clients.machine.clientId },
    }
    for (const [name, asked] of Object.entries(wrong)) {
      const { url } = await shop.begin({ ...asked, client_id: null })
      if (typeof asked.client_id === 'string') url.searchParams.set('client_id', asked.client_id)
      const page = await through.open(url)
      assert.equal(through.departure, null, name)
      assert.equal(page.status, 400, name)
      assert.match(String(page.headers['content-type']), /^text\/html/)
      assert.match(page.text, /problem appSetup/, name)
    }
  })

  it('without response_type, or with one that is not code, goes back with an error', async () => {
    const through = browser()
    const { url } = await shop.begin()
    url.searchParams.delete('response_type')
    await through.open(url)
    assert.equal(through.callback().searchParams.get('error'), 'invalid_request')
    for (const type of ['token', 'id_token', 'code id_token', 'none', 'nonsense']) {
      await through.open((await shop.begin({ response_type: type })).url)
      assert.equal(through.callback().searchParams.get('error'), 'unsupported_response_type', type)
    }
  })

  it('may ask for the advertised response modes alone, and is told so in the query', async () => {
    assert.equal(await refusedAtOnce(shop, { response_mode: 'fragment' }), 'invalid_request')
    for (const mode of ['jwt', 'web_message', 'nonsense'])
      assert.equal(await refusedAtOnce(shop, { response_mode: mode }), 'unsupported_response_mode', mode)
    assert.equal(await refusedAtOnce(shop, { response_mode: 'query', prompt: 'none' }), 'login_required')
  })

  it('may be a POST', async () => {
    const through = browser()
    const attempt = await shop.begin()
    await through.send('POST', attempt.url.origin + attempt.url.pathname, Object.fromEntries(attempt.url.searchParams))
    await through.submit({ username: ann.username, password: ann.password })
    await shop.finish(attempt, through.callback())
  })

  it('may not name another request, by value or by reference', async () => {
    assert.equal(await refusedAtOnce(shop, { request: 'eyJhbGciOiJub25lIn0.e30.' }), 'request_not_supported')
    assert.equal(
      await refusedAtOnce(shop, { request_uri: 'https://evil.example.com/request' }),
      'request_uri_not_supported',
    )
    assert.equal(await refusedAtOnce(shop, { registration: '{}' }), 'registration_not_supported')
  })

  it('may not repeat a parameter', async () => {
    const through = browser()
    for (const name of ['scope', 'state', 'nonce', 'prompt', 'code_challenge', 'response_type', 'login_hint', 'lang']) {
      const { url } = await shop.begin({ prompt: 'login', login_hint: 'a', lang: 'en' })
      url.searchParams.append(name, url.searchParams.get(name) ?? '')
      await through.open(url)
      assert.equal(through.callback().searchParams.get('error'), 'invalid_request', name)
    }
    for (const name of ['client_id', 'redirect_uri']) {
      const { url } = await shop.begin()
      url.searchParams.append(name, url.searchParams.get(name) ?? '')
      const page = await through.open(url)
      assert.equal(through.departure, null, name)
      assert.equal(page.status, 400, name)
    }
  })

  it('may ask for the client’s scopes alone', async () => {
    for (const scope of [
      'openid unknown',
      'openid phone',
      'openid orders/write',
      'openid orders/nothing',
      'openid  email',
    ])
      assert.equal(await refusedAtOnce(shop, { scope }), 'invalid_scope', scope)
    const through = browser()
    const { url } = await shop.begin({ nonce: null })
    url.searchParams.delete('scope')
    await through.open(url)
    assert.equal(through.callback().searchParams.get('error'), 'invalid_scope')
    const { tokens } = await signInWith(shop, ann, { asked: { scope: 'openid orders/read' } })
    assert.equal((await shop.verified(tokens.access_token)).scope, 'openid orders/read')
  })

  it('may ask for offline_access, with consent or without, whether the app has it or not', async () => {
    const scopes = ['openid', 'email', 'offline_access']
    const app = await (await house.createClient({ scopes })).party({ scope: scopes.join(' ') })
    for (const [party, scope] of [
      [app, 'openid email offline_access'],
      [shop, 'openid email offline_access'],
    ] as const) {
      const { tokens } = await signInWith(party, ann, { asked: { scope } })
      assert.equal((await party.verified(tokens.access_token)).scope, 'openid email')
      assert.ok(tokens.refresh_token)
    }
    const through = browser()
    const attempt = await app.begin({ prompt: 'consent' })
    await through.open(attempt.url)
    await through.submit({ username: ann.username, password: ann.password })
    await through.submit({}, { button: 'Allow' })
    assert.ok((await app.finish(attempt, through.callback())).refresh_token)
  })

  it('without openid gives an access token and no ID token', async () => {
    const { tokens } = await signInWith(shop, ann, { asked: { scope: 'orders/read', nonce: null } })
    assert.equal(tokens.id_token, undefined)
    assert.equal((await shop.verified(tokens.access_token)).scope, 'orders/read')
  })

  it('may carry parameters nobody knows', async () => {
    const extra = { unknown: 'x', display: 'popup', claims_locales: 'de fr', ui_locales: 'xx', vectors_of_trust: 'P1' }
    await signInWith(shop, ann, { asked: extra })
  })

  it('is refused with an unknown response_mode or prompt', async () => {
    const through = browser()
    const { url } = await shop.begin({ response_mode: 'web_message' })
    await through.open(url)
    assert.equal(through.callback().searchParams.get('error'), 'unsupported_response_mode')
    assert.equal(await refusedAtOnce(shop, { prompt: 'dance' }), 'invalid_request')
    assert.equal(await refusedAtOnce(shop, { prompt: 'none login' }), 'invalid_request')
    for (const max_age of ['-1', 'soon', '1.5']) {
      const attempt = await shop.begin({ max_age })
      await through.open(attempt.url)
      assert.equal(through.callback().searchParams.get('error'), 'invalid_request', max_age)
    }
  })

  it('longer than 16 KB is refused as it is', async () => {
    const { url } = await shop.begin({ state: 'x'.repeat(17_000) })
    assert.ok(url.search.length > 17_000)
    const page = await browser().open(url)
    assert.ok([414, 431].includes(page.status), String(page.status))
  })
})
