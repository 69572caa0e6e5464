/** Portico as a SAML 2.0 identity provider, towards service providers that share no code with it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DOMParser } from '@xmldom/xmldom'
import { NAME_ID_FORMATS } from '#core/federation/saml-settings.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import {
  type Arrived,
  type Asking,
  arrivedAt,
  authnRequestXml,
  clientOf,
  nameIdPolicy,
  posted,
  redirected,
  requestedContext,
  signedRequestXml,
  spKeys,
  testSp,
} from '#tests/support/saml/test-sp.ts'
import { xmlsecOpens, xmlsecVerifies } from '#tests/support/saml/xmlsec.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const MFA = 'https://refeds.org/profile/mfa'

let house: TestHouse
let ann: TestPerson
let bo: TestPerson
let ssoUrl: string
let certificate: string
const [wiki, desk] = [testSp('wiki'), testSp('desk')]
before(async () => {
  house = await startTestHouse(null, {
    users: [
      { attributes: { email: 'ann@example.com', email_verified: true, name: 'Ann Lee' } },
      { attributes: { email: 'bo@example.com', email_verified: false } },
    ],
  })
  ;[ann, bo] = house.people as [TestPerson, TestPerson]
  ssoUrl = `${house.issuer}/saml2/idp/sso`
  await house.createClient(
    clientOf(wiki, {
      nameIdFormats: ['persistent', 'email', 'transient', 'unspecified'],
      attributes: {
        email: { name: 'mail' },
        name: { name: 'urn:oid:2.16.840.1.113730.3.1.241', nameFormat: 'uri' },
        sub: { name: 'uid' },
      },
    }),
  )
  await house.createClient(
    clientOf(desk, {
      encryptAssertions: true,
      encryptionCertificate: desk.key.certificate,
      requireSignedRequests: true,
    }),
  )
  const metadata = await (await fetch(`${house.issuer}/saml2/idp/metadata`)).text()
  const bare = new DOMParser().parseFromString(metadata, 'text/xml').getElementsByTagName('ds:X509Certificate')[0]
  certificate = `-----BEGIN CERTIFICATE-----\n${bare?.textContent}\n-----END CERTIFICATE-----\n`
})
after(() => house?.stop())

const signInWhereAsked = async (through: FormBrowser, person: TestPerson): Promise<void> => {
  if (through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
    await through.submit({ username: person.username, password: person.password })
}

const carried = async (through: FormBrowser): Promise<Arrived> => {
  await through.submit({})
  assert.ok(through.departure, through.page.text)
  return arrivedAt(through.departure)
}

interface Journey {
  through?: FormBrowser
  person?: TestPerson
  relayState?: string | null
}

/** What the wiki asks for, by redirect and unsigned, and what it gets. */
const ask = async (
  changes: Partial<Asking> = {},
  { through = browser(), person = ann, relayState = null }: Journey = {},
) => {
  const xml = authnRequestXml(wiki, ssoUrl, changes)
  await through.open(redirected(ssoUrl, 'SAMLRequest', xml, { key: null, relayState }))
  await signInWhereAsked(through, person)
  return carried(through)
}

const statusOf = (arrived: Arrived): string =>
  arrived
    .all('StatusCode', 'Value')
    .map((value) => value.replace(STATUS, ''))
    .join(' ')

describe('the metadata of a pool', () => {
  it('names itself where it is found, with both bindings and the key of the pool', async () => {
    const answer = await fetch(`${house.issuer}/saml2/idp/metadata`)
    assert.equal(answer.headers.get('content-type'), 'application/samlmetadata+xml; charset=utf-8')
    const root = new DOMParser().parseFromString(await answer.text(), 'text/xml').documentElement
    assert.equal(root.getAttribute('entityID'), `${house.issuer}/saml2/idp/metadata`)
    const services = ['md:SingleSignOnService', 'md:SingleLogoutService'].map((name) =>
      Array.from(root.getElementsByTagName(name)).map((one) => one.getAttribute('Location')),
    )
    assert.deepEqual(services, [
      [ssoUrl, ssoUrl],
      [`${house.issuer}/saml2/idp/slo`, `${house.issuer}/saml2/idp/slo`],
    ])
  })

  it('is that pool’s alone', async () => {
    const other = await house.createPool()
    const text = await (await fetch(`${other.issuer}/saml2/idp/metadata`)).text()
    assert.ok(!text.includes(certificate.replace(/-----[A-Z ]+-----|\s/g, '')))
  })
})

describe('a sign-in that a service provider asks for', () => {
  it('ends at its consumer service, with the person, the session and the state it came with', async () => {
    const arrived = await ask({ id: '_ask-1' }, { relayState: 'where/I was?&="<' })
    assert.equal(arrived.to, wiki.acs)
    assert.equal(arrived.relayState, 'where/I was?&="<')
    assert.equal(statusOf(arrived), 'Success')
    assert.equal(arrived.one('Response', 'InResponseTo'), '_ask-1')
    assert.equal(arrived.one('Response', 'Destination'), wiki.acs)
    assert.deepEqual(new Set(arrived.all('Issuer')), new Set([`${house.issuer}/saml2/idp/metadata`]))
    assert.equal(arrived.one('SubjectConfirmationData', 'Recipient'), wiki.acs)
    assert.equal(arrived.one('SubjectConfirmationData', 'InResponseTo'), '_ask-1')
    assert.equal(arrived.one('Audience'), wiki.entityId)
    assert.equal(arrived.one('NameID', 'Format'), NAME_ID_FORMATS.persistent)
    assert.match(arrived.one('AuthnStatement', 'SessionIndex') ?? '', /^[\w-]{20,}$/)
    assert.equal(arrived.one('AuthnContextClassRef'), PASSWORD)
    const values = arrived.all('AttributeValue')
    assert.deepEqual(Object.fromEntries(arrived.all('Attribute', 'Name').map((name, at) => [name, values[at]])), {
      mail: 'ann@example.com',
      'urn:oid:2.16.840.1.113730.3.1.241': 'Ann Lee',
      uid: ann.sub,
    })
    const end = Date.parse(arrived.one('SubjectConfirmationData', 'NotOnOrAfter') ?? '')
    assert.ok(Math.abs(end - Date.now() - 300_000) < 30_000)
  })

  it('is carried over by a page that may post there, and be led on from there', async () => {
    const through = browser()
    await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null }))
    await signInWhereAsked(through, ann)
    const policy = String(through.page.headers['content-security-policy'])
    assert.match(policy, /form-action 'self' https:\/\/wiki\.example https:;/)
    assert.equal(through.page.headers['cache-control'], 'no-store')
  })

  it('is signed twice, as a stranger’s verifier finds, and no longer once a letter is changed', async () => {
    const { xml } = await ask()
    for (const element of ['Response', 'Assertion']) assert.ok(await xmlsecVerifies(xml, element, certificate), element)
    assert.match(xml, /rsa-sha256/)
    assert.doesNotMatch(xml, /sha1/)
    const changed = xml.replace('ann@example.com', 'bob@example.com')
    assert.notEqual(changed, xml)
    for (const element of ['Response', 'Assertion'])
      assert.equal(await xmlsecVerifies(changed, element, certificate), false)
    assert.equal(await xmlsecVerifies(xml, 'Response', spKeys().stranger.certificate), false)
  })

  it('needs no second password in the same browser, and has another index and another name at another client', async () => {
    const through = browser()
    const first = await ask({}, { through })
    const again = await ask({}, { through })
    assert.equal(again.one('NameID'), first.one('NameID'))
    assert.equal(again.one('AuthnStatement', 'SessionIndex'), first.one('AuthnStatement', 'SessionIndex'))
    assert.equal(again.one('AuthnStatement', 'AuthnInstant'), first.one('AuthnStatement', 'AuthnInstant'))
    await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(desk, ssoUrl), { key: desk.key }))
    const other = await carried(through)
    const xml = await xmlsecOpens(other.xml, desk.key.privateKey)
    assert.ok(!xml.includes(first.one('NameID') ?? ''))
    assert.ok(!xml.includes(first.one('AuthnStatement', 'SessionIndex') ?? ''))
  })

  it('may come by form, signed, and then goes to the address behind its index', async () => {
    const through = browser()
    const xml = signedRequestXml(wiki, ssoUrl, { acsIndex: '7' })
    await through.send('POST', ssoUrl, posted(xml, 'state'), { headers: { 'sec-fetch-site': 'cross-site' } })
    await signInWhereAsked(through, ann)
    const arrived = await carried(through)
    assert.equal(arrived.to, `${wiki.acs}/second`)
    assert.equal(arrived.relayState, 'state')
  })

  it('is encrypted to the client’s certificate, signed within, where its settings say so', async () => {
    const through = browser()
    const signed = redirected(ssoUrl, 'SAMLRequest', authnRequestXml(desk, ssoUrl), { key: desk.key })
    await through.open(signed)
    await signInWhereAsked(through, ann)
    const { xml, all } = await carried(through)
    assert.deepEqual(all('NameID'), [])
    assert.ok(await xmlsecVerifies(xml, 'Response', certificate))
    const opened = await xmlsecOpens(xml, desk.key.privateKey)
    assert.match(opened, /<saml:NameID /)
    const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(opened)?.[0] ?? ''
    assert.ok(await xmlsecVerifies(assertion, 'Assertion', certificate))
  })

  it('asks the person anew where that is wished', async () => {
    const through = browser()
    await ask({}, { through })
    await through.open(
      redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl, { forceAuthn: 'true' }), { key: null }),
    )
    assert.ok(through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
    await signInWhereAsked(through, ann)
    assert.equal(statusOf(await carried(through)), 'Success')
  })

  it('asks nobody where that is wished, and says so', async () => {
    assert.equal(statusOf(await ask({ isPassive: 'true' })), 'Responder NoPassive')
    const through = browser()
    await ask({}, { through })
    assert.equal(statusOf(await ask({ isPassive: 'true' }, { through })), 'Success')
  })

  it('names the person as it is asked to, if they have such a name', async () => {
    const nameIn = async (format: string, person = ann) => {
      const arrived = await ask({ inside: nameIdPolicy(format) }, { person })
      return [statusOf(arrived), arrived.one('NameID')]
    }
    assert.deepEqual(await nameIn(NAME_ID_FORMATS.email), ['Success', 'ann@example.com'])
    assert.deepEqual(await nameIn(NAME_ID_FORMATS.email, bo), ['Requester InvalidNameIDPolicy', null])
    const [, transient] = await nameIn(NAME_ID_FORMATS.transient)
    assert.notEqual((await nameIn(NAME_ID_FORMATS.transient))[1], transient)
    assert.deepEqual(await nameIn('urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos'), [
      'Requester InvalidNameIDPolicy',
      null,
    ])
  })

  it('tells nothing of an address that nobody has proven', async () => {
    const arrived = await ask({}, { person: bo })
    assert.deepEqual(arrived.all('Attribute', 'Name'), ['uid'])
    assert.ok(!arrived.xml.includes('bo@example.com'))
  })

  it('is refused where a stronger sign-in is wanted without a page, and where none can be had', async () => {
    const through = browser()
    await ask({}, { through })
    const inside = requestedContext('exact', MFA)
    assert.match(
      statusOf(await ask({ inside, isPassive: 'true' }, { through })),
      /^Responder No(?:Passive|AuthnContext)$/,
    )
    const kerberos = requestedContext('exact', 'urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos')
    assert.equal(statusOf(await ask({ inside: kerberos }, { through })), 'Responder NoAuthnContext')
    const weak = requestedContext('exact', PASSWORD)
    assert.equal((await ask({ inside: weak }, { through })).one('AuthnContextClassRef'), PASSWORD)
  })

  it('is refused where the person refuses, and the client is told so', async () => {
    const club = { ...wiki, entityId: 'https://club.example/saml', acs: 'https://club.example/acs' }
    await house.createClient({ ...clientOf(club), firstParty: false })
    const through = browser()
    await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(club, ssoUrl), { key: null, relayState: 'x' }))
    await signInWhereAsked(through, ann)
    await through.submit({}, { button: 'Cancel' })
    const arrived = await carried(through)
    assert.deepEqual([arrived.to, arrived.relayState], [club.acs, 'x'])
    assert.equal(statusOf(arrived), 'Responder RequestDenied')
    assert.ok(await xmlsecVerifies(arrived.xml, 'Response', certificate))
    assert.deepEqual(arrived.all('Assertion'), [])
  })

  it('counts as a sign-in, and as an assertion', async () => {
    const { pool } = house.house.database
    const { rows } = await pool.query<{ type: string; outcome: string }>(
      "SELECT DISTINCT type, outcome FROM auth_event WHERE pool_id = $1 AND sub = $2 AND outcome = 'success' AND type IN ('sign_in', 'assertion.issued') ORDER BY 1, 2",
      [house.poolId, ann.sub],
    )
    assert.deepEqual(
      rows.map(({ type, outcome }) => `${type} ${outcome}`),
      ['assertion.issued success', 'sign_in success'],
    )
  })
})
