// Attacks 66, 67, 72, 73 and 74 at single logout of our own identity provider: nobody ends a session that is not theirs to end.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { canonical, SHA1 } from '#tests/support/saml/canonical-xml.ts'
import { signedXml } from '#tests/support/saml/signed-xml.ts'
import {
  arrivedAt,
  authnRequestXml,
  clientOf,
  logoutRequestXml,
  logoutResponseXml,
  newId,
  posted,
  redirected,
  spKeys,
  type TestSp,
  testSp,
} from '#tests/support/saml/test-sp.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

interface Known {
  nameId: string
  format: string
  sessionIndex: string | null
}

let house: TestHouse<'shop'>
let ann: TestPerson
let sloUrl: string
const [wiki, desk] = [testSp('wiki'), testSp('desk')]
/** Has no key that its messages could be verified with. */
const keyless: TestSp = { ...wiki, entityId: 'https://keyless.example/saml', acs: 'https://keyless.example/acs' }
before(async () => {
  house = await startTestHouse(null, { settings: { production: false }, clients: { shop: {} }, users: [{}] })
  ;[ann] = house.people as [TestPerson]
  sloUrl = `${house.issuer}/saml2/idp/slo`
  await house.createClient(clientOf(wiki))
  await house.createClient(clientOf(desk))
  await house.createClient(clientOf(keyless, { certificates: [] }))
})
after(() => house?.stop())

const signIn = async (sp: TestSp, through: FormBrowser): Promise<Known> => {
  const ssoUrl = `${house.issuer}/saml2/idp/sso`
  await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(sp, ssoUrl), { key: null }))
  if (through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
    await through.submit({ username: ann.username, password: ann.password })
  await through.submit({})
  assert.ok(through.departure)
  const said = arrivedAt(through.departure)
  return {
    nameId: said.one('NameID') ?? '',
    format: said.one('NameID', 'Format') ?? '',
    sessionIndex: said.one('AuthnStatement', 'SessionIndex'),
  }
}

const isSignedIn = async (through: FormBrowser): Promise<boolean> => {
  const shop = await house.clients.shop.party()
  await through.open((await shop.begin({ prompt: 'none' })).url)
  return through.callback().searchParams.get('code') !== null
}

let victim: FormBrowser
let known: Known
beforeEach(async () => {
  victim = browser()
  known = await signIn(wiki, victim)
})

const wish = (
  changes: Partial<Known & { id: string; destination: string; issuedAt: string }> = {},
  sp: TestSp = wiki,
): string =>
  logoutRequestXml(sp, {
    ...known,
    id: newId(),
    destination: sloUrl,
    issuedAt: new Date().toISOString(),
    ...changes,
  })

const byQuery = (xml: string, key: TestSp['key'] | null): string => redirected(sloUrl, 'SAMLRequest', xml, { key })

interface Attack {
  title: string
  because: string
  url?: () => string
  form?: () => Record<string, string>
}

/** A forged wish around an honest one of the wiki's for another session. */
const wrapped = (): string => {
  const honest = signedXml(wish({ sessionIndex: 'another' }), wiki.key)
  return wish().replace('</saml:Issuer>', () => `</saml:Issuer>${canonical('samlp:Extensions', {}, honest)}`)
}

const ATTACKS: readonly Attack[] = [
  { title: 'does not sign a query', because: 'message-missing', url: () => byQuery(wish(), null) },
  { title: 'does not sign a form', because: 'response-not-signed', form: () => posted(wish()) },
  {
    title: 'signs with a key of their own',
    because: 'signature-invalid',
    url: () => byQuery(wish(), spKeys().stranger),
  },
  {
    title: 'signs a form with a key of their own',
    because: 'certificate-unknown',
    form: () => posted(signedXml(wish(), spKeys().stranger)),
  },
  { title: 'signs in another client’s name', because: 'signature-invalid', url: () => byQuery(wish(), desk.key) },
  {
    title: 'is a client without a key',
    because: 'logout-not-offered',
    url: () => byQuery(wish({}, keyless), wiki.key),
  },
  {
    title: 'is no client',
    because: 'app-unknown',
    url: () => byQuery(wish({}, { ...wiki, entityId: 'https://evil.example/' }), wiki.key),
  },
  { title: 'signs with SHA-1', because: 'signature-sha1', form: () => posted(signedXml(wish(), wiki.key, SHA1)) },
  { title: 'puts a signed wish into a forged one', because: 'signature-misplaced', form: () => posted(wrapped()) },
  {
    title: 'keeps a wish for later',
    because: 'expired',
    url: () => byQuery(wish({ issuedAt: new Date(Date.now() - 3_600_000).toISOString() }), wiki.key),
  },
  {
    title: 'brings a wish for another provider',
    because: 'destination-mismatch',
    url: () => byQuery(wish({ destination: 'https://other.example/slo' }), wiki.key),
  },
  {
    title: 'declares a document type',
    because: 'xml-dtd',
    form: () => posted(`<!DOCTYPE x>${signedXml(wish(), wiki.key)}`),
  },
  {
    title: 'cuts the name with a comment',
    because: 'xml-comment',
    form: () => posted(signedXml(wish(), wiki.key).replace('</saml:NameID>', '<!---->x</saml:NameID>')),
  },
]

describe('a session goes on where somebody', () => {
  for (const { title, because, url, form } of ATTACKS)
    it(`${title}`, async (test) => {
      if (url) await victim.open(url())
      else await victim.send('POST', sloUrl, form?.(), { headers: { 'sec-fetch-site': 'cross-site' } })
      test.diagnostic(`${title} → ${because} → ${victim.page.text}`)
      assert.equal(victim.page.status, 400)
      assert.match(victim.page.text, new RegExp(`(?:upstream-invalid|saml-request-refused) ${because}`))
      assert.equal(await isSignedIn(victim), true)
    })

  it('names another session, another person, or has the victim carry a wish about somebody else', async () => {
    const elsewhere = browser()
    const other = await signIn(wiki, elsewhere)
    const bo = await house.createUser()
    const theirs = browser()
    const ssoUrl = `${house.issuer}/saml2/idp/sso`
    await theirs.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null }))
    await theirs.submit({ username: bo.username, password: bo.password })
    await theirs.submit({})
    const ofBo = theirs.departure && arrivedAt(theirs.departure)
    const changes = [
      { sessionIndex: other.sessionIndex },
      { sessionIndex: 'x' },
      { nameId: ofBo?.one('NameID') ?? '', sessionIndex: ofBo?.one('AuthnStatement', 'SessionIndex') ?? '' },
      { nameId: ofBo?.one('NameID') ?? '', sessionIndex: null },
      { nameId: 'x' },
    ]
    for (const change of changes) {
      await victim.open(byQuery(wish(change), wiki.key))
      assert.ok(victim.departure)
      assert.equal(
        arrivedAt(victim.departure).one('StatusCode', 'Value'),
        'urn:oasis:names:tc:SAML:2.0:status:Responder',
      )
      assert.equal(await isSignedIn(victim), true)
    }
  })

  it('is a client that the person never went to', async () => {
    await victim.open(byQuery(wish({}, desk), desk.key))
    assert.equal(await isSignedIn(victim), true)
  })

  it('uses a wish, or the address it leads to, twice', async () => {
    const once = byQuery(wish(), wiki.key)
    const elsewhere = browser()
    await elsewhere.open(once)
    await victim.open(once)
    assert.match(victim.page.text, /request-replayed/)
    assert.equal(await isSignedIn(victim), true)
    const leave = elsewhere.departure === null ? elsewhere.page.url : null
    assert.equal(leave, null)
    for (const part of ['leave', 'logout']) {
      await victim.open(`${house.issuer}/saml2/idp/${part}?id=${'x'.repeat(43)}`)
      assert.match(victim.page.text, /problem expired/)
    }
    assert.equal(await isSignedIn(victim), true)
  })

  it('answers a question that nobody asked', async () => {
    const answer = logoutResponseXml(wiki, sloUrl, '_nothing')
    for (const relayState of ['x'.repeat(43), 'https://evil.example/', '']) {
      await victim.open(redirected(sloUrl, 'SAMLResponse', answer, { key: wiki.key, relayState }))
      assert.match(victim.page.text, /problem expired/)
      assert.equal(victim.departure, null)
    }
    assert.equal(await isSignedIn(victim), true)
  })
})

describe('a sign-out that is on its way', () => {
  it('is not led astray by a forged answer, and tells the others all the same', async () => {
    await signIn(desk, victim)
    await victim.open(byQuery(wish({ id: '_honest' }), wiki.key))
    assert.ok(victim.departure)
    const told = arrivedAt(victim.departure)
    assert.equal(told.to, desk.slo)
    const forged = logoutResponseXml(desk, sloUrl, '_another')
    await victim.open(
      redirected(sloUrl, 'SAMLResponse', forged, { key: spKeys().stranger, relayState: told.relayState }),
    )
    assert.ok(victim.departure)
    const end = arrivedAt(victim.departure)
    assert.equal(end.to, wiki.slo)
    assert.equal(end.one('LogoutResponse', 'InResponseTo'), '_honest')
    assert.ok(end.all('StatusCode', 'Value').some((value) => value.endsWith('PartialLogout')))
  })
})
