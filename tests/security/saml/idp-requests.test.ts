// Attacks 7, 16, 66, 67, 69, 70, 72 and 74 at our own identity provider: whoever asks for an assertion, and where it goes.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import type { SamlRefusal } from '#adapters/saml/refusals.ts'
import type { SamlAppRefusal } from '#core/saml-idp/index.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { canonical, SHA1 } from '#tests/support/saml/canonical-xml.ts'
import {
  type Asking,
  authnRequestXml,
  clientOf,
  newId,
  posted,
  redirected,
  signedRequestXml,
  spKeys,
  testSp,
} from '#tests/support/saml/test-sp.ts'
import { startTestHouse, type TestHouse, type TestPool } from '#tests/support/test-house.ts'

const EVIL = 'https://evil.example/acs'
let house: TestHouse
let other: TestPool
let ssoUrl: string
/** The wiki need not sign, the desk must. */
const [wiki, desk] = [testSp('wiki'), testSp('desk')]
before(async () => {
  house = await startTestHouse(null, { settings: { production: false } })
  ssoUrl = `${house.issuer}/saml2/idp/sso`
  await house.createClient(clientOf(wiki))
  await house.createClient(clientOf(desk, { requireSignedRequests: true }))
  other = await house.createPool({ settings: { production: false } })
})
after(() => house?.stop())

type Expected = SamlRefusal | SamlAppRefusal | 'a parameter is there twice' | 'the form cannot be read'

interface Attack {
  /** What the attacker does. */
  title: string
  because: Expected
  url?: () => string
  form?: () => Record<string, string>
}

const unsigned = (changes: Partial<Asking>, sp = wiki): string =>
  redirected(ssoUrl, 'SAMLRequest', authnRequestXml(sp, ssoUrl, changes), { key: null })
const query = (xml: string | Buffer): string =>
  `${ssoUrl}?SAMLRequest=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`
const signedQuery = (): string =>
  redirected(ssoUrl, 'SAMLRequest', authnRequestXml(desk, ssoUrl), { key: desk.key, relayState: 'a' })

/** A forged request around the desk's own, signed one: what is verified is not what would be read. */
const wrapped = (place: 'extensions' | 'object', keepsSignature: boolean): string => {
  const id = newId()
  const honest = signedRequestXml(desk, ssoUrl, { id })
  const signature = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(honest)?.[0] ?? ''
  const bare = honest.replace(signature, '')
  const inside = place === 'object' ? '' : canonical('samlp:Extensions', {}, keepsSignature ? honest : bare)
  const outer = keepsSignature ? '' : signature
  const forged = authnRequestXml(desk, ssoUrl, { acsUrl: EVIL, inside }, place === 'object' ? '' : outer)
  if (place !== 'object') return forged
  const withObject = signature.replace('</ds:Signature>', `${canonical('ds:Object', {}, bare)}</ds:Signature>`)
  return authnRequestXml(desk, ssoUrl, { acsUrl: EVIL }, withObject)
}

const ATTACKS: readonly Attack[] = [
  // Where the answer goes
  { title: 'names an address of their own', because: 'consumer-unknown', url: () => unsigned({ acsUrl: EVIL }) },
  {
    title: 'names the address of another client',
    because: 'consumer-unknown',
    url: () => unsigned({ acsUrl: desk.acs }),
  },
  {
    title: 'names a script as address',
    because: 'consumer-unknown',
    url: () => unsigned({ acsUrl: 'javascript:alert(1)' }),
  },
  {
    title: 'asks for the answer by another binding',
    because: 'response-binding',
    url: () => unsigned({ binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect' }),
  },
  {
    title: 'names an address and an index',
    because: 'consumer-ambiguous',
    url: () => unsigned({ acsUrl: wiki.acs, acsIndex: '0' }),
  },
  { title: 'names an index of letters', because: 'consumer-unknown', url: () => unsigned({ acsIndex: '0x0' }) },
  // Who asks
  { title: 'is no client', because: 'app-unknown', url: () => unsigned({ issuer: 'https://evil.example/saml' }) },
  {
    title: 'is a client of another pool',
    because: 'app-unknown',
    url: () => unsigned({}).replace(house.poolId, other.poolId),
  },
  { title: 'does not sign where signatures are wanted', because: 'request-not-signed', url: () => unsigned({}, desk) },
  { title: 'does not sign a form', because: 'request-not-signed', form: () => posted(authnRequestXml(desk, ssoUrl)) },
  {
    title: 'signs with a key of their own',
    because: 'signature-invalid',
    url: () => redirected(ssoUrl, 'SAMLRequest', authnRequestXml(desk, ssoUrl), { key: spKeys().stranger }),
  },
  {
    title: 'signs a form with a key of their own, and names its certificate',
    because: 'certificate-unknown',
    form: () => posted(signedRequestXml(desk, ssoUrl, {}, { key: spKeys().stranger })),
  },
  {
    title: 'signs in another client’s name',
    because: 'signature-invalid',
    url: () => redirected(ssoUrl, 'SAMLRequest', authnRequestXml(desk, ssoUrl), { key: wiki.key }),
  },
  {
    title: 'signs wrongly where no signature is wanted',
    because: 'signature-invalid',
    url: () => redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: spKeys().stranger }),
  },
  {
    title: 'changes the state of a signed query',
    because: 'signature-invalid',
    url: () => signedQuery().replace('RelayState=a', 'RelayState=b'),
  },
  {
    title: 'takes the state out of a signed query',
    because: 'signature-invalid',
    url: () => signedQuery().replace('&RelayState=a', ''),
  },
  {
    title: 'signs with SHA-1',
    because: 'signature-sha1',
    form: () => posted(signedRequestXml(desk, ssoUrl, {}, { recipe: SHA1 })),
  },
  {
    title: 'signs with a shared secret',
    because: 'signature-hmac',
    form: () =>
      posted(
        signedRequestXml(
          desk,
          ssoUrl,
          {},
          {
            recipe: {
              signatureMethod: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
              hmacSecret: desk.key.certificate,
            },
          },
        ),
      ),
  },
  // Wrapping
  {
    title: 'puts a signed request into the extensions of a forged one',
    because: 'signature-misplaced',
    form: () => posted(wrapped('extensions', true)),
  },
  {
    title: 'puts its signature onto the forged one',
    because: 'signature-reference',
    form: () => posted(wrapped('extensions', false)),
  },
  {
    title: 'puts a signed request into the signature',
    because: 'signature-object',
    form: () => posted(wrapped('object', false)),
  },
  {
    title: 'uses an ID twice',
    because: 'duplicate-id',
    form: () =>
      posted(authnRequestXml(wiki, ssoUrl, { id: '_x', inside: canonical('samlp:Extensions', { ID: '_x' }) })),
  },
  {
    title: 'sends another message',
    because: 'wrong-message',
    url: () => query(authnRequestXml(wiki, ssoUrl).replaceAll('AuthnRequest', 'Response')),
  },
  // The bytes
  {
    title: 'declares a document type',
    because: 'xml-dtd',
    url: () => query(`<!DOCTYPE x [<!ENTITY e "x">]>${authnRequestXml(wiki, ssoUrl)}`),
  },
  {
    title: 'refers to an entity',
    because: 'xml-entity',
    url: () => query(authnRequestXml(wiki, ssoUrl).replace(wiki.entityId, '&e;')),
  },
  {
    title: 'cuts the issuer with a comment',
    because: 'xml-comment',
    url: () => query(authnRequestXml(wiki, ssoUrl).replace(wiki.entityId, `${wiki.entityId}<!---->.evil.example`)),
  },
  { title: 'sends a bomb', because: 'message-too-large', url: () => query(Buffer.alloc(8_000_000, 0x20)) },
  {
    title: 'nests without end',
    because: 'xml-too-complex',
    url: () => query(authnRequestXml(wiki, ssoUrl, { inside: `${'<a>'.repeat(100)}${'</a>'.repeat(100)}` })),
  },
  { title: 'sends no base64', because: 'message-missing', url: () => `${ssoUrl}?SAMLRequest=%3Cx%3E` },
  { title: 'sends nothing', because: 'message-missing', url: () => ssoUrl },
  {
    title: 'sends a parameter twice',
    because: 'a parameter is there twice',
    url: () => `${unsigned({})}&RelayState=a&RelayState=b`,
  },
  { title: 'sends a form twice', because: 'a parameter is there twice', url: () => `${unsigned({})}&SAMLRequest=x` },
  // Time and place
  {
    title: 'keeps a request for later',
    because: 'request-too-old',
    url: () => unsigned({ issuedAt: new Date(Date.now() - 3_600_000).toISOString() }),
  },
  {
    title: 'makes one for later',
    because: 'request-too-old',
    url: () => unsigned({ issuedAt: new Date(Date.now() + 3_600_000).toISOString() }),
  },
  {
    title: 'uses a time without a zone',
    because: 'lifetime-missing',
    url: () => unsigned({ issuedAt: '2026-11-21T12:00:00' }),
  },
  {
    title: 'brings a request for another provider',
    because: 'request-destination',
    url: () => unsigned({ destination: 'https://other.example/sso' }),
  },
  {
    title: 'signs a request for nobody in particular',
    because: 'request-destination',
    url: () =>
      redirected(ssoUrl, 'SAMLRequest', authnRequestXml(desk, ssoUrl, { destination: null }), { key: desk.key }),
  },
  {
    title: 'sends a state that is too long',
    because: 'relay-state-too-long',
    url: () => `${unsigned({})}&RelayState=${'x'.repeat(2049)}`,
  },
]

const reasonOn = (through: FormBrowser): string =>
  (
    /saml-request-refused (.*)|upstream-invalid (.*)/.exec(through.page.text)?.slice(1).find(Boolean) ??
    through.page.text
  )
    .split(':')[0]
    ?.trim() ?? ''

describe('no assertion is given, and no address is gone to, where somebody', () => {
  for (const { title, because, url, form } of ATTACKS)
    it(`${title}`, async (test) => {
      const through = browser()
      if (url) await through.open(url())
      else await through.send('POST', ssoUrl, form?.(), { headers: { 'sec-fetch-site': 'cross-site' } })
      test.diagnostic(`${title} → ${because} → ${reasonOn(through)}`)
      assert.equal(through.page.status, 400)
      assert.equal(through.departure, null)
      assert.equal(reasonOn(through), because)
    })

  it('asks twice with one request', async () => {
    const once = unsigned({})
    const through = browser()
    await through.open(once)
    assert.equal(through.page.status, 200)
    await through.open(once)
    assert.equal(reasonOn(through), 'request-replayed')
  })
})

it('but an honest request is answered through the same settings', async () => {
  for (const url of [unsigned({}), signedQuery()]) {
    const through = browser()
    await through.open(url)
    assert.equal(through.page.status, 200)
  }
  const byForm = browser()
  await byForm.send('POST', ssoUrl, posted(signedRequestXml(desk, ssoUrl)))
  assert.equal(byForm.page.status, 200)
})
