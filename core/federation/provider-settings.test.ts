import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OidcProviderSettings, storedProviderSettings } from './provider-settings.ts'

const oidc = { kind: 'oidc', name: 'Corp', clientId: 'c', issuer: 'https://idp.example' }
const bind = { mode: 'searchThenBind', serviceName: 'cn=reader,dc=corp' }
const ldap = { kind: 'ldap', name: 'Staff', servers: ['ldaps://d.example'], searchBase: 'dc=corp', forEverybody: true }

describe('settings of a provider as they are stored', () => {
  it('are read from rows that still say where the secret is', () => {
    const reference = { secretReference: 'Corp' }
    assert.deepEqual(storedProviderSettings({ ...oidc, ...reference }), OidcProviderSettings.parse(oidc))
    assert.deepEqual(
      storedProviderSettings({ ...ldap, bind: { ...bind, ...reference } }),
      storedProviderSettings({ ...ldap, bind }),
    )
  })

  it('are nothing else that nobody can set', () => {
    for (const stored of [null, 'oidc', { ...oidc, unheardOf: 1 }, { ...ldap, bind: null }])
      assert.throws(() => storedProviderSettings(stored))
  })
})
