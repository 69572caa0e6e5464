import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientSettings } from '../clients/client-settings.ts'
import { SamlAppSettings, type SamlAppSettingsInput } from './saml-app-settings.ts'

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const app = (changes: Partial<SamlAppSettingsInput> = {}) => ({
  entityId: 'https://wiki.example/saml',
  assertionConsumers: [{ url: 'https://wiki.example/acs', index: 0 }],
  ...changes,
})
const problemsOf = (changes: Partial<SamlAppSettingsInput>): string[] => {
  const parsed = SamlAppSettings.safeParse(app(changes))
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}

describe('the settings of a service provider', () => {
  it('refuse addresses that a browser would run, read, or take for somebody else’s (attacks 6, 16)', () => {
    for (const url of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://wiki.example/acs',
      'https://user@wiki.example/acs',
      'https://wiki.example/acs#x',
      'https://wiki.example/a cs',
      '//wiki.example/acs',
      '/acs',
      '',
    ]) {
      assert.deepEqual(problemsOf({ assertionConsumers: [{ url, index: 0 }] }), ['assertionConsumers.0.url'], url)
      assert.deepEqual(problemsOf({ logout: { redirect: url } }), ['logout.redirect'], url)
    }
    assert.deepEqual(problemsOf({ assertionConsumers: [{ url: 'http://localhost:9/acs', index: 0 }] }), [])
  })

  it('refuse what could never be kept: signatures without keys, encryption without a certificate', () => {
    assert.deepEqual(problemsOf({ requireSignedRequests: true }), ['requireSignedRequests'])
    assert.deepEqual(problemsOf({ encryptAssertions: true }), ['encryptAssertions'])
    assert.deepEqual(
      problemsOf({
        requireSignedRequests: true,
        encryptAssertions: true,
        certificates: [PEM],
        encryptionCertificate: PEM,
      }),
      [],
    )
  })

  it('refuse an index, a format, or a certificate that is none', () => {
    const url = 'https://wiki.example/acs'
    assert.deepEqual(
      problemsOf({
        assertionConsumers: [
          { url, index: 1 },
          { url, index: 1 },
        ],
      }),
      ['assertionConsumers'],
    )
    assert.deepEqual(problemsOf({ assertionConsumers: [] }), ['assertionConsumers'])
    assert.deepEqual(problemsOf({ nameIdFormats: ['email', 'email'] }), ['nameIdFormats'])
    assert.deepEqual(problemsOf({ nameIdFormats: [] }), ['nameIdFormats'])
    assert.deepEqual(problemsOf({ certificates: ['MIIB'] }), ['certificates.0'])
  })

  it('tell a service provider nothing but a name until told otherwise, and take no sign-in it did not ask for', () => {
    const parsed = SamlAppSettings.parse(app())
    assert.deepEqual(parsed.attributes, {})
    assert.deepEqual(parsed.nameIdFormats, ['persistent'])
    assert.equal(parsed.idpInitiated.enabled, false)
  })
})

describe('a client of type saml', () => {
  const refused = (settings: object): string[] => {
    const parsed = ClientSettings.safeParse(settings)
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
  }

  it('has what makes it one, and no other client has', () => {
    assert.deepEqual(refused({ type: 'saml', saml: app() }), [])
    assert.deepEqual(refused({ type: 'saml' }), ['saml'])
    assert.deepEqual(refused({ type: 'public', callbackUrls: ['https://a.example/'], saml: app() }), ['saml'])
  })

  it('has no callback of its own, and does nothing on its own behalf', () => {
    assert.deepEqual(refused({ type: 'saml', saml: app(), callbackUrls: ['https://a.example/'] }), ['callbackUrls'])
    assert.deepEqual(refused({ type: 'saml', saml: app(), flows: ['client_credentials'] }), ['flows'])
  })
})
