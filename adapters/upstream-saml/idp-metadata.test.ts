import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { selfSigned } from '#tests/support/saml/self-signed.ts'
import { IDP_ENTITY, idpMetadataXml, keys } from '#tests/support/saml/test-idp.ts'
import { outcome } from '#tests/support/saml/test-provider.ts'
import { readIdpMetadata } from './idp-metadata.ts'

const read = (xml: string, wanted: string | null = null) => outcome(readIdpMetadata(xml, wanted))
const body = (xml: string) => xml.replace(/ xmlns:(md|ds)="[^"]*"/g, '')
const federation = (...entities: string[]) =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${entities.map(body).join('')}</md:EntitiesDescriptor>`
const other = idpMetadataXml({ entityId: 'https://other.example/metadata', certificates: [keys().other.certificate] })

describe('metadata of a SAML identity provider', () => {
  it('is refused without a certificate, also where its only key is for encryption', () => {
    assert.equal(read(idpMetadataXml({ certificates: [] })), 'metadata-no-certificate')
    assert.equal(read(idpMetadataXml({ use: 'encryption' })), 'metadata-no-certificate')
  })

  it('takes a key without a use as one for signatures, and stays as strict as before', () => {
    const metadata = readIdpMetadata(idpMetadataXml({ use: null }), null)
    assert.ok(metadata.ok)
    assert.deepEqual(metadata.value.certificates, [keys().idp.certificate])
  })

  it('is refused with nothing but a short key, which is not used beside a long one either', () => {
    const short = selfSigned('short', 1024).certificate
    assert.equal(read(idpMetadataXml({ certificates: [short] })), 'metadata-weak-key')
    const both = readIdpMetadata(idpMetadataXml({ certificates: [short, keys().idp.certificate] }), null)
    assert.deepEqual(both.ok && both.value.certificates, [keys().idp.certificate])
  })

  for (const address of ['http://idp.example/sso', 'javascript:alert(1)', 'https://ann:pw@idp.example/', 'sso'])
    it(`does not send anybody to ${address}`, () => {
      assert.equal(read(idpMetadataXml({ signOn: address })), 'metadata-no-endpoint')
    })

  it('is refused with a document type, with entities and with comments', () => {
    assert.equal(read(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${idpMetadataXml()}`), 'xml-dtd')
    assert.equal(read(`<!-- -->${idpMetadataXml()}`), 'xml-comment')
  })

  it('is refused when it is larger than a megabyte', () => {
    assert.equal(read(`${idpMetadataXml()}${' '.repeat(1_048_576)}`), 'message-too-large')
  })

  it('of several providers needs one to be chosen, and the chosen one to be there once', () => {
    const all = federation(idpMetadataXml(), other)
    assert.equal(read(all), 'metadata-ambiguous')
    assert.equal(read(all, 'https://nobody.example/'), 'metadata-no-provider')
    assert.equal(read(federation(idpMetadataXml(), idpMetadataXml()), IDP_ENTITY), 'metadata-ambiguous')
    const chosen = readIdpMetadata(all, IDP_ENTITY)
    assert.deepEqual(chosen.ok && chosen.value.certificates, [keys().idp.certificate])
  })

  it('that describes a service provider describes none', () => {
    assert.equal(read(idpMetadataXml().replaceAll('IDPSSODescriptor', 'SPSSODescriptor')), 'metadata-no-provider')
  })

  it('may want answers about a logout elsewhere, over https like everything', () => {
    const withAnswers = (address: string) =>
      readIdpMetadata(
        idpMetadataXml().replace('idp.example/slo"', `idp.example/slo" ResponseLocation="${address}"`),
        null,
      )
    const [elsewhere, insecure] = ['https://idp.example/answers', 'http://idp.example/answers'].map(withAnswers)
    assert.equal(elsewhere?.ok && elsewhere.value.logoutAnswers.redirect, 'https://idp.example/answers')
    assert.equal(elsewhere?.ok && elsewhere.value.logout.redirect, 'https://idp.example/slo')
    assert.equal(insecure?.ok && insecure.value.logoutAnswers.redirect, null)
  })

  it('says where to sign in and out, when it ends, how long to keep it, and whether requests are to be signed', () => {
    const xml = idpMetadataXml({
      entityAttributes: ' validUntil="2026-12-01T00:00:00Z" cacheDuration="PT1H"',
      attributes: ' WantAuthnRequestsSigned="true"',
    })
    assert.deepEqual(readIdpMetadata(xml, null), {
      ok: true,
      value: {
        entityId: IDP_ENTITY,
        signOn: { redirect: 'https://idp.example/sso', post: 'https://idp.example/sso/post' },
        logout: { redirect: 'https://idp.example/slo', post: null },
        logoutAnswers: { redirect: 'https://idp.example/slo', post: null },
        certificates: [keys().idp.certificate],
        wantsSignedRequests: true,
        validUntil: Date.parse('2026-12-01T00:00:00Z'),
        cacheMs: 3_600_000,
      },
    })
  })
})
