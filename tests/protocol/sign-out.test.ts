/** Signing out: OpenID Connect RP-Initiated Logout 1.0 and both forms of Cognito's. Lines 22–23 of docs/conformance.md; attacks 6, 7 and 11. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { refusalOf, refusedAtOnce } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { CALLBACK, SIGNED_OUT, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop' | 'desk'>
let shop: RelyingParty
let desk: RelyingParty
let ann: TestPerson
/** An ID token of another pool. */
let foreign: string
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {}, desk: {} }, users: [{}, {}] })
  shop = await house.clients.shop.party()
  desk = await house.clients.desk.party()
  ;[ann] = house.people as [TestPerson]
  const other = await house.createPool()
  const there = await signInWith(await (await other.createClient()).party(), await other.createUser())
  foreign = there.tokens.id_token ?? ''
})
after(() => house?.stop())

const signedIn = async (person: TestPerson = ann) => {
  const { tokens, browser: through } = await signInWith(shop, person)
  return { tokens, through, hint: tokens.id_token ?? '' }
}
const logout = (query: Record<string, string>) => `${house.issuer}/logout?${new URLSearchParams(query)}`
const isSignedOut = async (through: FormBrowser) =>
  assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, through), 'login_required')
const isSignedIn = async (through: FormBrowser) => {
  const attempt = await shop.begin({ prompt: 'none' })
  await through.open(attempt.url)
  await shop.finish(attempt, through.callback())
}

describe('an app that sends a hint', () => {
  it('gets the person back at once, signed out, with its state and nothing else', async () => {
    const { through, hint } = await signedIn()
    const state = 'a b/ü?&='
    await through.open(shop.logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT, state }))
    const back = through.callback()
    assert.equal(`${back.origin}${back.pathname}`, SIGNED_OUT)
    assert.deepEqual([...back.searchParams], [['state', state]])
    await isSignedOut(through)
  })

  it('may post it, and may leave the state out', async () => {
    const { through, hint } = await signedIn()
    const fields = { id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT }
    await through.send('POST', `${house.issuer}/logout`, fields)
    assert.equal(through.callback().href, SIGNED_OUT)
    await isSignedOut(through)
  })

  it('ends the tokens of every app in that browser, and of no other browser', async () => {
    const { through, tokens, hint } = await signedIn()
    const elsewhere = await signedIn()
    const second = await desk.begin()
    await through.open(second.url)
    const deskTokens = await desk.finish(second, through.callback())
    await through.open(shop.logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT }))
    assert.equal(await refusalOf(shop.userInfo(tokens.access_token, ann.sub)), 'invalid_token')
    assert.equal(await refusalOf(desk.userInfo(deskTokens.access_token, ann.sub)), 'invalid_token')
    assert.equal(await refusalOf(desk.refresh(deskTokens.refresh_token ?? '')), 'invalid_grant')
    await shop.userInfo(elsewhere.tokens.access_token, ann.sub)
    await isSignedIn(elsewhere.through)
  })

  it('without an address leaves the person on the signed-out page', async () => {
    const { through, hint } = await signedIn()
    await through.open(logout({ id_token_hint: hint }))
    assert.equal(through.departure, null)
    assert.match(through.page.text, /signed-out/)
    await isSignedOut(through)
  })

  it('of somebody else than the session’s person has that person asked', async () => {
    const other = await signedIn(house.people[1])
    const { through } = await signedIn()
    await through.open(logout({ id_token_hint: other.hint, post_logout_redirect_uri: SIGNED_OUT }))
    assert.equal(through.departure, null)
    await isSignedIn(through)
  })

  it('and whose person is signed out already is sent back all the same', async () => {
    const { hint } = await signedIn()
    const through = browser()
    await through.open(logout({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT, state: 's' }))
    assert.equal(through.callback().href, `${SIGNED_OUT}?state=s`)
  })
})

describe('without a hint', () => {
  it('a person with a session is asked; yes signs out and goes on to the app', async () => {
    const { through } = await signedIn()
    const { clientId } = house.clients.shop
    await through.open(logout({ client_id: clientId, post_logout_redirect_uri: SIGNED_OUT, state: 'x' }))
    assert.equal(through.departure, null)
    await through.submit({}, { button: 'Sign out' })
    assert.equal(through.callback().href, `${SIGNED_OUT}?state=x`)
    await isSignedOut(through)
  })

  it('no means no', async () => {
    const { through } = await signedIn()
    await through.open(logout({}))
    await through.submit({}, { button: 'Stay signed in' })
    assert.equal(through.departure, null)
    await isSignedIn(through)
  })

  it('nothing but a state, or nothing at all, ends on the signed-out page', async () => {
    for (const query of [{}, { state: 'x' }]) {
      const { through } = await signedIn()
      await through.open(logout(query))
      if (!/signed-out/.test(through.page.text)) await through.submit({}, { button: 'Sign out' })
      assert.equal(through.departure, null)
      assert.match(through.page.text, /signed-out/)
      await isSignedOut(through)
    }
    const stranger = browser()
    await stranger.open(logout({}))
    assert.match(stranger.page.text, /signed-out/)
  })

  it('the question cannot be answered by another site, nor with another session’s form', async () => {
    const { through } = await signedIn()
    await through.open(logout({}))
    const [form] = through.page.forms
    const fields = Object.fromEntries((form?.controls ?? []).map(({ name, value }) => [name, value]))
    const confirm = new URL(form?.action ?? '', through.page.url)
    const victim = await signedIn()
    await victim.through.send(
      'POST',
      confirm,
      { ...fields, logout: 'yes' },
      { headers: { 'sec-fetch-site': 'cross-site' } },
    )
    await isSignedIn(victim.through)
    const headers = { 'sec-fetch-site': 'same-origin' }
    await victim.through.send('POST', confirm, { ...fields, logout: 'yes' }, { headers })
    await isSignedIn(victim.through)
    await victim.through.send('POST', confirm, { sign_out: 'forged', logout: 'yes' }, { headers })
    await isSignedIn(victim.through)
  })
})

describe('a page, and no redirect, is the answer to', () => {
  const cases: Record<string, (hint: string) => Record<string, string>> = {
    'an address that is not registered': (hint) => ({
      id_token_hint: hint,
      post_logout_redirect_uri: 'https://evil.example.com/',
    }),
    'a registered address with a query': (hint) => ({
      id_token_hint: hint,
      post_logout_redirect_uri: `${SIGNED_OUT}?next=evil`,
    }),
    'a callback that is no sign-out address': (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: CALLBACK }),
    'a script as an address': (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: 'JaVaScRiPt:alert(1)' }),
    'an address without a scheme': (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: '//evil.example.com' }),
    'a tampered hint': (hint) => ({ id_token_hint: `${hint.slice(0, -4)}AAAA`, post_logout_redirect_uri: SIGNED_OUT }),
    'a hint of another issuer': () => ({ id_token_hint: foreign, post_logout_redirect_uri: SIGNED_OUT }),
    'a hint that is no token': () => ({ id_token_hint: 'x', post_logout_redirect_uri: SIGNED_OUT }),
    'an address without a hint or an app': () => ({ post_logout_redirect_uri: SIGNED_OUT }),
    'an unknown app': () => ({ client_id: 'nobody00000000000000000000', post_logout_redirect_uri: SIGNED_OUT }),
    'a hint for another app than named': (hint) => ({
      id_token_hint: hint,
      client_id: house.clients.desk.clientId,
      post_logout_redirect_uri: SIGNED_OUT,
    }),
    'Cognito’s form with an address that is not registered': () => ({
      client_id: house.clients.shop.clientId,
      logout_uri: 'https://evil.example.com',
    }),
    'Cognito’s form without an app': () => ({ logout_uri: SIGNED_OUT }),
    'Cognito’s second form with an unknown callback': () => ({
      client_id: house.clients.shop.clientId,
      redirect_uri: SIGNED_OUT,
      response_type: 'code',
    }),
    'Cognito’s second form without response_type': () => ({
      client_id: house.clients.shop.clientId,
      redirect_uri: CALLBACK,
    }),
  }
  // Nobody is signed out by any of these: one browser serves them all.
  let through: FormBrowser
  let hint: string
  before(async () => {
    ;({ through, hint } = await signedIn())
  })
  for (const [name, query] of Object.entries(cases)) {
    it(name, async () => {
      await through.open(logout(query(hint)))
      assert.equal(through.departure, null)
      assert.ok([200, 400].includes(through.page.status))
      await isSignedIn(through)
    })
  }

  it('a repeated parameter', async () => {
    const query = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT })
    query.append('post_logout_redirect_uri', 'https://evil.example.com/')
    await through.open(`${house.issuer}/logout?${query}`)
    assert.equal(through.departure, null)
    assert.equal(through.page.status, 400)
  })
})

describe('Cognito’s /logout', () => {
  it('with logout_uri signs out and leaves', async () => {
    const { through } = await signedIn()
    await through.open(logout({ client_id: house.clients.shop.clientId, logout_uri: SIGNED_OUT }))
    assert.equal(through.callback().href, SIGNED_OUT)
    await isSignedOut(through)
  })

  it('with redirect_uri signs out and asks somebody to sign in again', async () => {
    const { through } = await signedIn()
    const attempt = await shop.begin()
    const query = Object.fromEntries(attempt.url.searchParams)
    await through.open(logout(query))
    assert.equal(through.departure, null)
    await through.submit({ username: ann.username, password: ann.password })
    assert.equal((await shop.finish(attempt, through.callback())).claims()?.sub, ann.sub)
  })

  it('needs no scope for that', async () => {
    const { through } = await signedIn()
    const { clientId } = house.clients.shop
    await through.open(logout({ client_id: clientId, redirect_uri: CALLBACK, response_type: 'code' }))
    assert.equal(through.departure, null)
    await through.submit({ username: ann.username, password: ann.password })
    assert.ok(through.callback().searchParams.get('code'))
  })
})

describe('days later', () => {
  it('an expired ID token is still a hint', async () => {
    const { hint } = await signedIn()
    house.travel(2 * 86_400)
    const through = browser()
    await through.open(logout({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT }))
    assert.equal(through.callback().href, SIGNED_OUT)
  })
})
