import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { postField } from '#adapters/saml/post-binding.ts'
import { serviceProviderMetadata } from '#adapters/upstream-saml/service-provider.ts'
import { NAME_ID_FORMATS } from '#core/federation/saml-settings.ts'
import type { AssertionContents } from '#core/saml-idp/index.ts'
import { ACS, AT, keys, LOGOUT, REQUEST_ID, SP_ENTITY } from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'
import { identityProviderMetadata } from './idp-metadata.ts'
import { readSpMetadata } from './sp-metadata.ts'
import { refusalXml, successXml } from './write-response.ts'

const ISSUER = 'https://id.example/eu_2/saml2/idp/metadata'
const key = keys().other
const metadataXml = identityProviderMetadata({
  entityId: ISSUER,
  ssoUrl: 'https://id.example/eu_2/saml2/idp/sso',
  sloUrl: 'https://id.example/eu_2/saml2/idp/slo',
  key,
})

const contents: AssertionContents = {
  nameId: { value: 'name', format: NAME_ID_FORMATS.persistent },
  sessionIndex: 'session-1',
  authenticatedAt: AT - 5_000,
  classRef: 'https://refeds.org/profile/mfa',
  audience: SP_ENTITY,
  recipient: ACS,
  inResponseTo: REQUEST_ID,
  notBefore: AT - 60_000,
  notOnOrAfter: AT + 300_000,
  attributes: [],
}
const facts = {
  issuer: ISSUER,
  key,
  responseId: '_response',
  assertionId: '_assertion',
  destination: ACS,
  inResponseTo: REQUEST_ID,
  now: AT,
}

const taken = (xml: string, settings: Record<string, unknown> = {}) =>
  testProvider({ metadataXml, ...settings }).provider.finish(posted(xml), REMEMBERED)

describe('a response of a pool as identity provider', () => {
  it('is taken by a pool as service provider, which wants both signatures', async () => {
    const read = await taken(await successXml(contents, facts, null))
    assert.ok(read.ok, outcome(read))
    assert.equal(read.value.subject, 'name')
    assert.equal(read.value.acr, contents.classRef)
    assert.deepEqual(read.value.amr, ['mfa'])
  })

  it('is opened there where it is encrypted, and refused where that is wanted and it is not', async () => {
    const settings = { encryptedAssertions: 'required' }
    const read = await taken(await successXml(contents, facts, keys().pool.certificate), settings)
    assert.ok(read.ok, outcome(read))
    assert.equal(read.value.subject, 'name')
    assert.equal(outcome(await taken(await successXml(contents, facts, null), settings)), 'encryption-required')
    const toAnother = await successXml(contents, facts, keys().other.certificate)
    assert.equal(outcome(await taken(toAnother, settings)), 'decryption-failed')
  })

  it('holds what people write as text, whatever it looks like (attack 16)', async () => {
    const values = [
      '</saml:AttributeValue><saml:AttributeValue>admin',
      '"><x/>',
      '&amp;',
      ' a\tb\nc ',
      'ü😀',
      '<!-- -->',
    ]
    const attributes = [{ name: 'said"<', nameFormat: 'urn:x', values }]
    const name = { value: 'ann<!-- -->@evil.example&', format: NAME_ID_FORMATS.unspecified }
    const read = await taken(await successXml({ ...contents, attributes, nameId: name }, facts, null))
    assert.ok(read.ok, outcome(read))
    assert.equal(read.value.subject, name.value)
    assert.deepEqual(read.value.claims['said"<'], values)
  })

  it('says no with a signature and without an assertion', async () => {
    const xml = refusalXml('NoPassive', facts)
    assert.doesNotMatch(xml, /Assertion /)
    const read = await taken(xml)
    assert.equal(read.ok ? '' : read.failure.code, 'upstream-refused')
    assert.match(read.ok ? '' : (read.failure.because ?? ''), /Responder, NoPassive/)
  })

  it('is good for one posting', async () => {
    const { provider } = testProvider({ metadataXml })
    const xml = await successXml(contents, facts, null)
    assert.equal(Buffer.from(postField(xml), 'base64').toString(), xml)
    assert.equal(outcome(await provider.finish(posted(xml), REMEMBERED)), 'accepted')
    assert.equal(outcome(await provider.finish(posted(xml), REMEMBERED)), 'replayed')
  })
})

describe('a pool as service provider', () => {
  it('can be imported as a client of another', () => {
    const document = serviceProviderMetadata(
      { entityId: SP_ENTITY, acsUrl: ACS, logoutUrl: LOGOUT, signing: keys().pool, decryption: [keys().pool] },
      { signsRequests: true, nameIdFormat: NAME_ID_FORMATS.email },
    )
    const read = readSpMetadata(document, AT)
    assert.ok(read.ok, outcome(read))
    assert.equal(read.value.entityId, SP_ENTITY)
    assert.deepEqual(read.value.assertionConsumers, [{ url: ACS, index: 0 }])
    assert.deepEqual([read.value.requireSignedRequests, read.value.nameIdFormats], [true, ['email']])
  })
})
