import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SamlAppSettings } from '#core/saml-idp/index.ts'
import type { Result } from '#core/shared/result.ts'
import { selfSigned } from '#tests/support/saml/self-signed.ts'
import { spMetadataXml } from '#tests/support/saml/sp-metadata.ts'
import { testSp } from '#tests/support/saml/test-sp.ts'
import { readSpMetadata } from './sp-metadata.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const sp = testSp()
const because = (result: Result<unknown>): string =>
  result.ok ? 'read' : ((result.failure.because ?? '').split(':')[0] ?? '')
const judged = (document: string): string => because(readSpMetadata(document, NOW))

describe('metadata of a service provider is refused where it', () => {
  for (const [title, document, expected] of [
    ['declares a document type', `<!DOCTYPE x>${spMetadataXml(sp).split('?>')[1]}`, 'xml-dtd'],
    ['has a comment', spMetadataXml(sp).replace('<md:SPSSO', '<!-- --><md:SPSSO'), 'xml-comment'],
    [
      'describes an identity provider',
      spMetadataXml(sp).replaceAll('SPSSODescriptor', 'IDPSSODescriptor'),
      'metadata-no-provider',
    ],
    [
      'speaks another protocol',
      spMetadataXml(sp, { protocols: 'urn:oasis:names:tc:SAML:1.1:protocol' }),
      'metadata-no-provider',
    ],
    ['takes its answers by another binding alone', spMetadataXml(sp, { consumers: '' }), 'metadata-no-endpoint'],
    ['is over', spMetadataXml(sp, { attributes: ' validUntil="2026-11-21T12:00:00Z"' }), 'metadata-expired'],
    [
      'has a key that is too short',
      spMetadataXml(sp, { certificate: selfSigned('weak', 1024).certificate }),
      'metadata-weak-key',
    ],
    [
      'describes several',
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${[1, 2].map(() => spMetadataXml(sp).split('?>')[1]).join('')}</md:EntitiesDescriptor>`,
      'metadata-ambiguous',
    ],
  ] as const)
    it(title, () => assert.equal(judged(document), expected))
})

describe('metadata of a service provider', () => {
  it('says who it is, where answers go, and with which keys', () => {
    const read = readSpMetadata(spMetadataXml(sp, { signsRequests: true }), NOW)
    assert.ok(read.ok)
    const settings = SamlAppSettings.parse(read.value)
    assert.equal(settings.entityId, sp.entityId)
    assert.deepEqual(settings.logout, { redirect: sp.slo, responses: `${sp.slo}/answers` })
    assert.deepEqual(settings.nameIdFormats, ['transient'])
    assert.equal(settings.requireSignedRequests, true)
    assert.equal(settings.certificates.length, 1)
    assert.equal(settings.encryptionCertificate, settings.certificates[0])
    assert.equal(settings.encryptAssertions, false)
  })

  it('may have no key, and then asks for no signatures', () => {
    const read = readSpMetadata(spMetadataXml(sp, { certificate: null }), NOW)
    assert.ok(read.ok)
    assert.deepEqual(SamlAppSettings.parse(read.value).certificates, [])
  })

  it('puts its default address first (SAML 2.0 Metadata §2.2.3)', () => {
    const consumer = (at: number, more = '') =>
      `<md:AssertionConsumerService Binding="${POST}" Location="${sp.acs}/${at}" index="${at}"${more}/>`
    const consumers = [consumer(0, ' isDefault="false"'), consumer(1), consumer(2, ' isDefault="true"')].join('')
    const read = readSpMetadata(spMetadataXml(sp, { consumers }), NOW)
    assert.deepEqual(read.ok && read.value.assertionConsumers.map(({ index }) => index), [2, 1, 0])
  })

  it('leaves it to the settings what an address may be', () => {
    const read = readSpMetadata(spMetadataXml(sp, { acs: 'javascript:alert(1)' }), NOW)
    assert.equal(read.ok && SamlAppSettings.safeParse(read.value).success, false)
  })
})
