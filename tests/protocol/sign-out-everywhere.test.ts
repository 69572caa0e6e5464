/** "Also sign out on all my devices": what it ends, and who may ask for it. Attacks 6, 7 and 11. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FormBrowser, browser as newBrowser } from '#tests/support/form-browser.ts'
import { refusalOf, refusedAtOnce } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { SIGNED_OUT, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())

const signedIn = async (person: TestPerson, party = shop) => {
  const { tokens, browser } = await signInWith(party, person)
  return { tokens, browser }
}
const ask = (browser: FormBrowser, issuer = house.issuer) => browser.open(`${issuer}/logout`)
const signOutEverywhere = (browser: FormBrowser) => browser.submit({ everywhere: true }, { button: 'Sign out' })
/** What the form on screen would post. */
const fieldsOf = ({ page }: FormBrowser): Record<string, string> =>
  Object.fromEntries((page.forms[0]?.controls ?? []).map(({ name, value }) => [name, value]))
const sameOrigin = { headers: { 'sec-fetch-site': 'same-origin' } }

const isHonoured = async ({ sub }: TestPerson, { tokens, browser }: Awaited<ReturnType<typeof signedIn>>) => {
  await shop.userInfo(tokens.access_token, sub)
  const attempt = await shop.begin({ prompt: 'none' })
  await browser.open(attempt.url)
  await shop.finish(attempt, browser.callback())
}
const isOver = async ({ sub }: TestPerson, { tokens, browser }: Awaited<ReturnType<typeof signedIn>>) => {
  assert.equal(await refusalOf(shop.userInfo(tokens.access_token, sub)), 'invalid_token')
  assert.equal(await refusalOf(shop.refresh(tokens.refresh_token ?? '')), 'invalid_grant')
  assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, browser), 'login_required')
}
const eventsOf = async ({ sub }: TestPerson): Promise<string[]> => {
  const { rows } = await house.house.database.pool.query<{ type: string }>(
    `SELECT type FROM auth_event WHERE pool_id = $1 AND sub = $2 AND type LIKE 'sign_out%' ORDER BY id`,
    [house.poolId, sub],
  )
  return rows.map(({ type }) => type)
}

describe('a person who also signs out on all devices', () => {
  it('ends sessions, refresh and access tokens everywhere, at once, and nobody else’s', async () => {
    const ann = await house.createUser()
    const bo = await house.createUser()
    const here = await signedIn(ann)
    const elsewhere = await signedIn(ann)
    const other = await signedIn(bo)
    await ask(here.browser)
    await signOutEverywhere(here.browser)
    assert.equal(here.browser.page.url.pathname, `/${house.poolId}/logout/everywhere`)
    assert.match(here.browser.page.text, /signed-out everywhere/)
    await isOver(ann, here)
    await isOver(ann, elsewhere)
    await isHonoured(bo, other)
    assert.deepEqual(await eventsOf(ann), ['sign_out.everywhere'])
    await isHonoured(ann, await signedIn(ann))
  })

  it('goes on to the app that asked', async () => {
    const ann = await house.createUser()
    const { browser } = await signedIn(ann)
    const query = { client_id: house.clients.shop.clientId, post_logout_redirect_uri: SIGNED_OUT, state: 'x' }
    await browser.open(`${house.issuer}/logout?${new URLSearchParams(query)}`)
    await signOutEverywhere(browser)
    assert.equal(browser.callback().href, `${SIGNED_OUT}?state=x`)
  })

  it('has to tick it: without, other devices stay signed in', async () => {
    const ann = await house.createUser()
    const here = await signedIn(ann)
    const elsewhere = await signedIn(ann)
    await ask(here.browser)
    await here.browser.submit({}, { button: 'Sign out' })
    await isOver(ann, here)
    await isHonoured(ann, elsewhere)
    assert.deepEqual(await eventsOf(ann), ['sign_out'])
  })

  it('is told what did not happen when the session was over before the answer', async () => {
    const ann = await house.createUser()
    const here = await signedIn(ann)
    const elsewhere = await signedIn(ann)
    await ask(here.browser)
    const fields = fieldsOf(here.browser)
    await here.browser.submit({}, { button: 'Sign out' })
    await here.browser.send(
      'POST',
      `${house.issuer}/logout/confirm`,
      { ...fields, logout: 'yes', everywhere: 'on' },
      sameOrigin,
    )
    assert.match(here.browser.page.text, /onlyHere/)
    await isHonoured(ann, elsewhere)
  })
})

describe('nothing is ended', () => {
  it('by a browser without a session, whatever form it sends', async () => {
    const ann = await house.createUser()
    const here = await signedIn(ann)
    await ask(here.browser)
    const stranger = newBrowser()
    await stranger.open(`${house.issuer}/logout/success`)
    const confirm = `${house.issuer}/logout/confirm`
    await stranger.send('POST', confirm, { ...fieldsOf(here.browser), logout: 'yes', everywhere: 'on' }, sameOrigin)
    assert.match(stranger.page.text, /onlyHere/)
    await isHonoured(ann, here)
  })

  it('by a form of another session, a forged one, none, or one that another site sends', async () => {
    const ann = await house.createUser()
    const here = await signedIn(ann)
    const attacker = await signedIn(await house.createUser())
    await ask(attacker.browser)
    const theirs = { ...fieldsOf(attacker.browser), logout: 'yes', everywhere: 'on' }
    await ask(here.browser)
    const own: Record<string, string> = { ...fieldsOf(here.browser), logout: 'yes', everywhere: 'on' }
    const confirm = `${house.issuer}/logout/confirm`
    const { sign_out: _, ...without } = own
    for (const fields of [theirs, { ...own, sign_out: 'forged' }, without]) {
      await here.browser.send('POST', confirm, fields, sameOrigin)
      assert.equal(here.browser.page.status, 400)
    }
    await here.browser.send('POST', confirm, own, { headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(here.browser.page.status, 400)
    await isHonoured(ann, here)
  })

  it('by a form of another pool', async () => {
    const other = await house.createPool()
    const party = await (await other.createClient()).party()
    const there = await signInWith(party, await other.createUser())
    await ask(there.browser, other.issuer)
    const fields = { ...fieldsOf(there.browser), logout: 'yes', everywhere: 'on' }
    const ann = await house.createUser()
    const here = await signedIn(ann)
    await here.browser.send('POST', `${house.issuer}/logout/confirm`, fields, sameOrigin)
    assert.equal(here.browser.page.status, 400)
    await isHonoured(ann, here)
  })

  it('by opening an address', async () => {
    const ann = await house.createUser()
    const here = await signedIn(ann)
    for (const path of ['/logout/everywhere', '/logout/confirm?logout=yes&everywhere=on'])
      await here.browser.open(`${house.issuer}${path}`)
    await isHonoured(ann, here)
  })
})
