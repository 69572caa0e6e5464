import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressesForProvider } from './addresses-for-provider.ts'
import { ProviderSettings } from './provider-settings.ts'

const BASE = 'https://auth.example.com/eu-local-1_AbCdEfGhI'
const addresses = (settings: object) => {
  const parsed = ProviderSettings.parse(settings)
  return addressesForProvider(BASE, { poolId: 'eu-local-1_AbCdEfGhI', name: parsed.name, settings: parsed })
}
const corp = { name: 'Corp', kind: 'oidc', clientId: 'c', issuer: 'https://id.corp.example' }

describe('what has to be entered at a provider', () => {
  it('is the return address, and where to come back to after signing out there, if that is done', () => {
    assert.deepEqual(addresses(corp), { callbackUrl: `${BASE}/oauth2/idpresponse` })
    assert.deepEqual(addresses({ ...corp, signsOutUpstream: true }), {
      callbackUrl: `${BASE}/oauth2/idpresponse`,
      logoutUrl: `${BASE}/oauth2/logout`,
    })
  })

  it('is our metadata with SAML, or what stands in it', () => {
    assert.deepEqual(addresses({ name: 'Cam&pus', kind: 'saml', metadataXml: '-', entityIdForm: 'cognito' }), {
      metadataUrl: `${BASE}/saml2/metadata?provider=Cam%26pus`,
      entityId: 'urn:amazon:cognito:sp:eu-local-1_AbCdEfGhI',
      acsUrl: `${BASE}/saml2/idpresponse`,
      logoutUrl: `${BASE}/saml2/logout`,
    })
  })

  it('is nothing with a directory', () => {
    const bind = { mode: 'bindAsUser', template: 'uid={login},dc=example,dc=com' }
    const people = { kind: 'ldap', servers: ['ldaps://ldap.example.com'], searchBase: 'dc=example,dc=com', bind }
    assert.deepEqual(addresses({ ...people, name: 'People', forEverybody: true }), {})
  })
})
