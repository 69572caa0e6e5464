import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LdapProviderSettings, ldapWeaknesses } from './ldap-settings.ts'
import type { ProviderTrust } from './provider-common.ts'

const honest = {
  kind: 'ldap',
  name: 'Corp',
  servers: ['ldaps://dc1.corp.example', 'ldaps://dc2.corp.example:3269'],
  bind: { mode: 'searchThenBind', serviceName: 'cn=reader,dc=corp,dc=example' },
  searchBase: 'dc=corp,dc=example',
  identifiers: ['corp.example'],
}
const problemsOf = (change: object) =>
  LdapProviderSettings.safeParse({ ...honest, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? []
const asUser = (template: string) => ({ bind: { mode: 'bindAsUser', template } })

describe('the settings of a directory', () => {
  it('refuse a connection without TLS, and take one on this machine alone when that is asked for', () => {
    assert.deepEqual(problemsOf({ servers: ['ldap://dc1.corp.example'] }), ['servers.0'])
    assert.deepEqual(problemsOf({ servers: ['ldap://127.0.0.1:3389'] }), ['servers.0'])
    assert.deepEqual(problemsOf({ servers: ['ldap://dc1.corp.example'], allowPlainLoopback: true }), ['servers.0'])
    assert.deepEqual(problemsOf({ servers: ['ldap://127.0.0.1.evil.example'], allowPlainLoopback: true }), [
      'servers.0',
    ])
    assert.deepEqual(problemsOf({ servers: ['ldap://127.0.0.1:3389'], allowPlainLoopback: true }), [])
    assert.deepEqual(problemsOf({ servers: ['ldap://dc1.corp.example'], startTls: true }), [])
    assert.deepEqual(problemsOf({ startTls: true }), ['servers.0', 'servers.1'])
  })

  for (const address of [
    'https://dc1',
    'ldaps://',
    'ldaps://reader:pw@dc1',
    'ldaps://dc1/dc=corp??sub',
    'ldapi:///',
    'dc1',
  ])
    it(`refuse ${address} as a server`, () => assert.deepEqual(problemsOf({ servers: [address] }), ['servers.0']))

  it('never let what was typed be the whole name of a bind, or miss it, or have it twice', () => {
    for (const template of [
      '{login}',
      'cn=x,dc=y',
      'uid={login},ou={login},dc=y',
      '{login}@',
      '{login} ',
      'EXTERNAL{login}',
    ])
      assert.deepEqual(problemsOf(asUser(template)), ['bind.template'], template)
    for (const template of ['uid={login},ou=people,dc=y', '{login}@corp.example'])
      assert.deepEqual(problemsOf(asUser(template)), [], template)
  })

  it('never read what opens an account', () => {
    for (const name of ['userPassword', 'UNICODEPWD', 'ms-Mcs-AdmPwd'])
      assert.deepEqual(problemsOf({ attributes: ['mail', name] }), ['attributes.1'], name)
    assert.deepEqual(problemsOf({ attributes: ['mail', 'userCertificate;binary'] }), ['attributes.1'])
    assert.deepEqual(problemsOf({ subjectAttribute: 'userPassword' }), ['subjectAttribute'])
  })

  it('want a subject that stays with the person', () => {
    for (const name of ['mail', 'uid', 'SAMACCOUNTNAME', 'userPrincipalName', 'dn'])
      assert.deepEqual(problemsOf({ subjectAttribute: name }), ['subjectAttribute'], name)
    assert.deepEqual(problemsOf({ subjectAttribute: 'ipaUniqueID' }), [])
  })

  it('refuse a filter that does not close, or closes too early', () => {
    for (const userFilter of [
      'uid={login}',
      '(uid={login}',
      '(uid={login}))(|(uid=*)',
      ')(',
      `${'('.repeat(21)}${')'.repeat(21)}`,
    ])
      assert.deepEqual(problemsOf({ userFilter }), ['userFilter'], userFilter)
    assert.deepEqual(problemsOf({ userFilter: '(&(objectClass=person)(uid={login}))' }), [])
  })

  it('want one way of finding people', () => {
    assert.deepEqual(problemsOf({ matchBy: ['uid'], userFilter: '(uid={login})' }), ['userFilter'])
    assert.deepEqual(problemsOf({ matchBy: ['uid'], userFilter: '(objectClass=person)' }), [])
  })

  it('are for everybody or for those that identifiers lead here', () => {
    assert.deepEqual(problemsOf({ identifiers: [] }), ['forEverybody'])
    assert.deepEqual(problemsOf({ forEverybody: true }), ['forEverybody'])
    assert.deepEqual(problemsOf({ forEverybody: true, identifiers: [] }), [])
    assert.deepEqual(problemsOf({ forEverybody: true, identifiers: [], stripsDomain: true }), ['stripsDomain'])
  })

  it('wait ten seconds at most', () => {
    assert.deepEqual(problemsOf({ timeoutMs: 10_001 }), ['timeoutMs'])
    assert.equal(LdapProviderSettings.parse(honest).timeoutMs, 10_000)
  })

  it('know the in-chain rule in Active Directory alone', () => {
    const groups = { from: 'in-chain', base: 'dc=corp,dc=example' }
    assert.deepEqual(problemsOf({ groups }), ['groups.from'])
    assert.deepEqual(problemsOf({ groups, schema: 'ad' }), [])
  })

  it('change passwords over TLS alone', () => {
    const plain = { servers: ['ldap://127.0.0.1:3389'], allowPlainLoopback: true }
    assert.deepEqual(problemsOf({ ...plain, mayChangePasswords: true }), ['mayChangePasswords'])
  })

  it('refuse names they do not know, and believe no address for every domain', () => {
    assert.equal(LdapProviderSettings.safeParse({ ...honest, starttls: true }).success, false)
    assert.deepEqual(problemsOf({ trustsEmail: 'always' }), ['emailDomains'])
  })

  it('serve mapping and linking as those of other providers do, and name what is weak', () => {
    const settings: ProviderTrust = LdapProviderSettings.parse(honest)
    assert.equal(settings.trustsEmail, 'never')
    assert.deepEqual(ldapWeaknesses(LdapProviderSettings.parse(honest)), [])
    assert.equal(ldapWeaknesses(LdapProviderSettings.parse({ ...honest, capturesPasswords: true })).length, 1)
  })
})
