/** Single logout at our own identity provider: wished by a client, or begun here (SAML 2.0 Profiles §4.4). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DOMParser } from '@xmldom/xmldom'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { signedXml } from '#tests/support/saml/signed-xml.ts'
import {
  type Arrived,
  arrivedAt,
  authnRequestXml,
  clientOf,
  logoutRequestXml,
  logoutResponseXml,
  newId,
  posted,
  redirected,
  type TestSp,
  testSp,
} from '#tests/support/saml/test-sp.ts'
import { xmlsecVerifies } from '#tests/support/saml/xmlsec.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
let house: TestHouse<'shop'>
let ann: TestPerson
let sloUrl: string
let certificate: string
/** The wiki is told by redirect, the desk by form; the club has no address for it. */
const [wiki, desk] = [testSp('wiki'), testSp('desk')]
const club: TestSp = { ...wiki, entityId: 'https://club.example/saml', acs: 'https://club.example/acs' }
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} }, users: [{}] })
  ;[ann] = house.people as [TestPerson]
  sloUrl = `${house.issuer}/saml2/idp/slo`
  await house.createClient(clientOf(wiki))
  await house.createClient(clientOf(desk, { logout: { post: desk.slo, responses: `${desk.slo}/answers` } }))
  await house.createClient(clientOf(club, { logout: {} }))
  const metadata = await (await fetch(`${house.issuer}/saml2/idp/metadata`)).text()
  const bare = new DOMParser().parseFromString(metadata, 'text/xml').getElementsByTagName('ds:X509Certificate')[0]
  certificate = `-----BEGIN CERTIFICATE-----\n${bare?.textContent}\n-----END CERTIFICATE-----\n`
})
after(() => house?.stop())

const arrived = (through: FormBrowser): Arrived => {
  assert.ok(through.departure, 'the browser was sent nowhere')
  return arrivedAt(through.departure)
}

const carried = async (through: FormBrowser): Promise<Arrived> => {
  await through.submit({})
  return arrived(through)
}

/** What the client learns of whoever signs in there. */
const signIn = async (
  sp: TestSp,
  through: FormBrowser,
): Promise<{ nameId: string; format: string; sessionIndex: string }> => {
  const ssoUrl = `${house.issuer}/saml2/idp/sso`
  await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(sp, ssoUrl), { key: null }))
  if (through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
    await through.submit({ username: ann.username, password: ann.password })
  const said = await carried(through)
  return {
    nameId: said.one('NameID') ?? '',
    format: said.one('NameID', 'Format') ?? '',
    sessionIndex: said.one('AuthnStatement', 'SessionIndex') ?? '',
  }
}

const wish = (
  sp: TestSp,
  known: { nameId: string; format: string; sessionIndex: string | null },
  id = newId(),
): string => logoutRequestXml(sp, { ...known, id, destination: sloUrl, issuedAt: new Date().toISOString() })

const isSignedIn = async (through: FormBrowser): Promise<boolean> => {
  const shop = await house.clients.shop.party()
  await through.open((await shop.begin({ prompt: 'none' })).url)
  return through.callback().searchParams.get('code') !== null
}

const ask = async (through: FormBrowser, sp: TestSp, xml: string, relayState: string | null = null): Promise<void> => {
  await through.open(redirected(sloUrl, 'SAMLRequest', xml, { key: sp.key, relayState }))
}

describe('a client that wants a session ended', () => {
  it('has it ended and is told so, with its state', async () => {
    const through = browser()
    const known = await signIn(wiki, through)
    assert.equal(await isSignedIn(through), true)
    await ask(through, wiki, wish(wiki, known, '_wish-1'), 'where it was')
    const answer = arrived(through)
    assert.equal(answer.to, wiki.slo)
    assert.equal(answer.relayState, 'where it was')
    assert.equal(answer.one('LogoutResponse', 'InResponseTo'), '_wish-1')
    assert.deepEqual(answer.all('StatusCode', 'Value'), [SUCCESS])
    assert.equal(await isSignedIn(through), false)
  })

  it('may ask by form, from its own site, and without an index', async () => {
    const through = browser()
    const known = await signIn(desk, through)
    const unindexed = wish(desk, { ...known, sessionIndex: null })
    await through.send('POST', sloUrl, posted(signedXml(unindexed, desk.key)), {
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    const answer = await carried(through)
    assert.equal(answer.to, `${desk.slo}/answers`)
    assert.deepEqual(answer.all('StatusCode', 'Value'), [SUCCESS])
    assert.ok(await xmlsecVerifies(answer.xml, 'LogoutResponse', certificate))
    assert.equal(await isSignedIn(through), false)
  })

  it('hears success where nobody is signed in any more', async () => {
    const through = browser()
    const known = await signIn(wiki, through)
    const stranger = browser()
    await ask(stranger, wiki, wish(wiki, known))
    assert.deepEqual(arrived(stranger).all('StatusCode', 'Value'), [SUCCESS])
    // Their own browser is where it was: a session ends where its browser is.
    assert.equal(await isSignedIn(through), true)
  })

  it('has the other clients of the session told first, each in its own way', async () => {
    const through = browser()
    const atDesk = await signIn(desk, through)
    await signIn(club, through)
    const known = await signIn(wiki, through)
    await ask(through, wiki, wish(wiki, known, '_wish-2'))
    const told = await carried(through)
    assert.equal(told.to, desk.slo)
    assert.deepEqual([told.one('NameID'), told.one('SessionIndex')], [atDesk.nameId, atDesk.sessionIndex])
    assert.ok(await xmlsecVerifies(told.xml, 'LogoutRequest', certificate))
    const answer = logoutResponseXml(desk, sloUrl, told.one('LogoutRequest', 'ID') ?? '')
    await through.open(redirected(sloUrl, 'SAMLResponse', answer, { key: desk.key, relayState: told.relayState }))
    const end = arrived(through)
    assert.equal(end.one('LogoutResponse', 'InResponseTo'), '_wish-2')
    assert.deepEqual(end.all('StatusCode', 'Value'), [SUCCESS])
    assert.equal(await isSignedIn(through), false)
  })

  it('hears that it was partial where another client could not', async () => {
    const through = browser()
    await signIn(desk, through)
    const known = await signIn(wiki, through)
    await ask(through, wiki, wish(wiki, known))
    const told = await carried(through)
    const answer = logoutResponseXml(desk, sloUrl, told.one('LogoutRequest', 'ID') ?? '', 'Responder')
    await through.open(redirected(sloUrl, 'SAMLResponse', answer, { key: desk.key, relayState: told.relayState }))
    assert.deepEqual(arrived(through).all('StatusCode', 'Value'), [
      SUCCESS,
      'urn:oasis:names:tc:SAML:2.0:status:PartialLogout',
    ])
  })
})

describe('a sign-out that begins here', () => {
  it('leads by the clients of the session to where it was going', async () => {
    const through = browser()
    const known = await signIn(wiki, through)
    const shop = await house.clients.shop.party()
    const attempt = await shop.begin()
    await through.open(attempt.url)
    const tokens = await shop.finish(attempt, through.callback())
    const back = 'http://localhost:9/signed-out'
    await through.open(shop.logoutUrl({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: back }))
    const told = arrived(through)
    assert.equal(told.to, wiki.slo)
    assert.deepEqual([told.one('NameID'), told.one('SessionIndex')], [known.nameId, known.sessionIndex])
    const answer = logoutResponseXml(wiki, sloUrl, told.one('LogoutRequest', 'ID') ?? '')
    await through.open(redirected(sloUrl, 'SAMLResponse', answer, { key: wiki.key, relayState: told.relayState }))
    assert.equal(through.departure?.url.href, back)
    assert.equal(await isSignedIn(through), false)
    const { rows } = await house.house.database.pool.query<{ outcome: string }>(
      "SELECT outcome FROM auth_event WHERE pool_id = $1 AND sub = $2 AND type = 'sign_out.told' ORDER BY created_at DESC LIMIT 1",
      [house.poolId, ann.sub],
    )
    assert.deepEqual(rows, [{ outcome: 'success' }])
  })

  it('on all devices leads by the clients of this browser, to the page that says so', async () => {
    const through = browser()
    const elsewhere = browser()
    await signIn(wiki, elsewhere)
    const known = await signIn(wiki, through)
    await through.open(`${house.issuer}/logout`)
    await through.submit({ everywhere: true }, { button: 'Sign out' })
    const told = arrived(through)
    assert.deepEqual([told.to, told.one('SessionIndex')], [wiki.slo, known.sessionIndex])
    // One that never answers was not told; whoever comes back goes on all the same.
    await through.open(`${house.issuer}/saml2/idp/logout?${new URLSearchParams({ id: told.relayState ?? '' })}`)
    assert.match(through.page.text, /signed-out everywhere/)
    assert.equal(await isSignedIn(elsewhere), false)
  })

  it('is led on by a page where an app posted, whose form may come here and no further', async () => {
    const through = browser()
    await signIn(wiki, through)
    const shop = await house.clients.shop.party()
    const attempt = await shop.begin()
    await through.open(attempt.url)
    const tokens = await shop.finish(attempt, through.callback())
    await through.send('POST', `${house.issuer}/logout`, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://localhost:9/signed-out',
    })
    assert.equal(through.page.status, 200)
    assert.match(through.page.refresh ?? '', /\/saml2\/idp\/logout\?id=/)
  })

  it('asks nobody who has no address for it', async () => {
    const through = browser()
    await signIn(club, through)
    await through.open(`${house.issuer}/logout`)
    await through.submit({}, { button: 'Sign out' })
    assert.match(through.page.text, /signed-out/)
  })
})
