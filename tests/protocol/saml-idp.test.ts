/** Portico as a SAML 2.0 identity provider, towards service providers that share no code with it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
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
  testSp,
} from '#tests/support/saml/test-sp.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse
let ann: TestPerson
let ssoUrl: string
const sp = testSp()
before(async () => {
  house = await startTestHouse(null, {
    users: [{ attributes: { email: 'ann@example.com', email_verified: true, name: 'Ann Lee' } }],
  })
  ;[ann] = house.people as [TestPerson]
  ssoUrl = `${house.issuer}/saml2/idp/sso`
  await house.createClient(
    clientOf(sp, {
      nameIdFormats: ['persistent', 'email', 'transient', 'unspecified'],
      attributes: {
        email: { name: 'mail' },
        name: { name: 'urn:oid:2.16.840.1.113730.3.1.241', nameFormat: 'uri' },
        sub: { name: 'uid' },
      },
    }),
  )
})
after(() => house?.stop())

const carried = async (through: FormBrowser): Promise<Arrived> => {
  await through.submit({})
  assert.ok(through.departure)
  return arrivedAt(through.departure)
}

const ask = async (
  changes: Partial<Asking> = {},
  through = browser(),
  relayState: string | null = 'where/I was?&=',
) => {
  const xml = authnRequestXml(sp, ssoUrl, changes)
  await through.open(redirected(ssoUrl, 'SAMLRequest', xml, { key: null, relayState }))
  return through
}

const signIn = async (changes: Partial<Asking> = {}, through = browser()): Promise<Arrived> => {
  await ask(changes, through)
  if (through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
    await through.submit({ username: ann.username, password: ann.password })
  return carried(through)
}

describe('a sign-in that a service provider asks for', () => {
  it('ends at its consumer service, with the person, the session and the state it came with', async () => {
    const arrived = await signIn({ id: '_ask-1' })
    assert.equal(arrived.to, sp.acs)
    assert.equal(arrived.relayState, 'where/I was?&=')
    assert.equal(arrived.one('StatusCode', 'Value'), 'urn:oasis:names:tc:SAML:2.0:status:Success')
    assert.equal(arrived.one('Response', 'InResponseTo'), '_ask-1')
    assert.equal(arrived.one('Response', 'Destination'), sp.acs)
    assert.deepEqual(arrived.all('Issuer'), [
      `${house.issuer}/saml2/idp/metadata`,
      `${house.issuer}/saml2/idp/metadata`,
    ])
    assert.equal(arrived.one('SubjectConfirmationData', 'Recipient'), sp.acs)
    assert.equal(arrived.one('SubjectConfirmationData', 'InResponseTo'), '_ask-1')
    assert.equal(arrived.one('Audience'), sp.entityId)
    assert.equal(arrived.one('NameID', 'Format'), NAME_ID_FORMATS.persistent)
    assert.match(arrived.one('AuthnStatement', 'SessionIndex') ?? '', /^[\w-]{20,}$/)
    assert.equal(
      arrived.one('AuthnContextClassRef'),
      'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    )
    assert.deepEqual(
      arrived.all('Attribute', 'Name').map((name, at) => [name, arrived.all('AttributeValue')[at]]),
      [
        ['mail', 'ann@example.com'],
        ['urn:oid:2.16.840.1.113730.3.1.241', 'Ann Lee'],
        ['uid', ann.sub],
      ],
    )
    assert.equal(arrived.all('Signature').length, 2)
  })
})
