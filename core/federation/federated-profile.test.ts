import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { federatedUsername, identitiesClaim, identityText } from './federated-profile.ts'
import { providerFor } from './home-realm.ts'
import { OAuthProviderSettings, OidcProviderSettings } from './provider-settings.ts'

describe('naming federated profiles', () => {
  it('names them as Cognito does', () =>
    assert.equal(federatedUsername({ provider: 'Google', subject: '1234' }), 'Google_1234'))

  it('keeps letter case and signs of a subject', () =>
    assert.equal(federatedUsername({ provider: 'MyIdP', subject: 'Carlos@x.example' }), 'MyIdP_Carlos@x.example'))

  it('tells long subjects by their hash, and lets nobody pass for a hash', () => {
    const long = federatedUsername({ provider: 'MyIdP', subject: 'x'.repeat(500) })
    assert.ok(long.length <= 128)
    assert.notEqual(federatedUsername({ provider: 'MyIdP', subject: long.slice('MyIdP_'.length) }), long)
  })
})

describe('the key of an identity', () => {
  it('differs whenever pool, provider, subject or account do', () => {
    const keys = [
      identityText({ poolId: 'a', provider: 'b', subject: 'c' }),
      identityText({ poolId: 'a', provider: 'b","c', subject: '' }),
      identityText({ poolId: 'a"', provider: 'b', subject: 'c' }),
      identityText({ poolId: 'a', provider: 'b', subject: 'c' }, 'ann'),
    ]
    assert.equal(new Set(keys).size, keys.length)
  })
})

describe('the claim "identities"', () => {
  it("has Cognito's shape, the identity that made the profile first", () => {
    const at = (iso: string) => new Date(iso)
    const common = { poolId: 'p', issuer: null, providerType: 'OIDC' as const }
    const claim = identitiesClaim([
      { ...common, provider: 'Late', subject: '2', isPrimary: false, linkedAt: at('2030-01-01T00:00:00Z') },
      { ...common, provider: 'First', subject: '1', isPrimary: true, linkedAt: at('2030-02-01T00:00:00Z') },
    ])
    assert.deepEqual(claim[0], {
      userId: '1',
      providerName: 'First',
      providerType: 'OIDC',
      issuer: null,
      primary: 'true',
      dateCreated: '1896134400000',
    })
    assert.equal(claim[1]?.primary, 'false')
  })
})

describe('finding the provider by a word', () => {
  const provider = (name: string, identifiers: string[], more = {}) => ({
    name,
    enabled: true,
    linkOnly: false,
    identifiers,
    ...more,
  })
  const providers = [
    provider('Corporate', ['fjord.example', 'FJORD']),
    provider('Off', ['off.example'], { enabled: false }),
  ]

  it('goes by identifier or by the domain of an address, whatever the letter case', () => {
    for (const word of ['fjord', 'fjord.example', 'Ann@Fjord.Example', ' fjord ', 'a@b@fjord.example'])
      assert.equal(providerFor(providers, word)?.name, 'Corporate', word)
  })

  it('takes no neighbour for it', () => {
    for (const word of ['x.fjord.example', 'ann@evil-fjord.example', 'ann@fjord.example.evil', 'fjord.example@', '@'])
      assert.equal(providerFor(providers, word), null, word)
  })

  it('leads to no provider that is off or only for connecting', () => {
    assert.equal(providerFor(providers, 'ann@off.example'), null)
    assert.equal(providerFor([provider('Link', ['l.example'], { linkOnly: true })], 'l.example'), null)
  })

  it('gives a domain that two claim to neither (attack 64)', () =>
    assert.equal(providerFor([...providers, provider('Thief', ['fjord.example'])], 'ann@fjord.example'), null))
})

describe('settings of a provider', () => {
  const oidc = { kind: 'oidc', name: 'MyIdP', clientId: 'c', issuer: 'https://idp.example' }
  const takes = (more: object) => OidcProviderSettings.safeParse({ ...oidc, ...more }).success

  it('are strict and safe by default', () => {
    const settings = OidcProviderSettings.parse(oidc)
    assert.equal(settings.trustsEmail, 'never')
    assert.equal(settings.trustsAmr, false)
    assert.deepEqual(settings.auth, { method: 'client_secret_post' })
    assert.deepEqual(settings.scopes, ['openid', 'profile', 'email'])
  })

  it('take names as Cognito does', () => {
    for (const name of ['abc', 'My-IdP.1', 'Größe', 'a_bc']) assert.ok(takes({ name }), name)
    for (const name of ['ab', '_abc', 'a b', 'abc_d', 'COGNITO', 'cognito', 'x'.repeat(33)])
      assert.ok(!takes({ name }), name)
  })

  it('take https addresses alone, and http on this machine', () => {
    for (const issuer of ['https://idp.example/realm', 'http://127.0.0.1:4480', 'http://localhost:1'])
      assert.ok(takes({ issuer }), issuer)
    for (const issuer of [
      'http://idp.example',
      'ftp://idp.example',
      'https://u:p@idp.example',
      'https://idp.example/#x',
      'idp',
    ])
      assert.ok(!takes({ issuer }), issuer)
  })

  it('take no algorithm whose key is a shared secret, and no "none"', () => {
    for (const one of ['none', 'HS256', 'HS512', 'RS1']) assert.ok(!takes({ signingAlgorithms: [one] }), one)
    assert.ok(!takes({ signingAlgorithms: [] }))
  })

  it('believe a provider wholly only within named domains', () => {
    assert.ok(!takes({ trustsEmail: 'always' }))
    assert.ok(takes({ trustsEmail: 'always', emailDomains: ['fjord.example'] }))
    for (const domain of ['*.example', '.example', 'Fjord.example', 'example'])
      assert.ok(!takes({ emailDomains: [domain] }), domain)
  })

  it('map to attributes that people may have, never to ours', () => {
    assert.ok(takes({ attributeMapping: { email: 'mail', 'custom:team': 'department' } }))
    for (const name of ['sub', 'identities', 'cognito:groups', 'username', '__proto__x'])
      assert.ok(!takes({ attributeMapping: { [name]: 'x' } }), name)
  })

  it('need openid among the scopes', () => assert.ok(!takes({ scopes: ['email'] })))

  it('of plain OAuth 2.0 need to know which claim is the subject', () => {
    const oauth = {
      ...{ kind: 'oauth', name: 'Plain', clientId: 'c', scopes: [] },
      endpoints: { authorization: 'https://o.example/a', token: 'https://o.example/t' },
      ...{ auth: { method: 'client_secret_post' }, profile: [{ url: 'https://o.example/me' }] },
    }
    assert.ok(OAuthProviderSettings.safeParse({ ...oauth, subjectClaim: 'id' }).success)
    assert.ok(!OAuthProviderSettings.safeParse(oauth).success)
  })
})
