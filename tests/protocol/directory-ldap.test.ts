/** Sign-ins against OpenLDAP's own server, with the schema of Active Directory for some and its own for others. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ALL_GROUPS, BIND_AS_USER, ldapSettings, outcomeOf, providerFor } from '#tests/support/ldap/providers.ts'
import { findSlapd, type Slapd, startSlapd } from '#tests/support/ldap/slapd.ts'
import { CIRCLES, FLAT_GROUPS, GROUPS, PASSWORD, PEOPLE, STAFF } from '#tests/support/ldap/staff.ts'

const isAllowedMissing = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('slapd')
const skip = findSlapd() === null && isAllowedMissing ? 'slapd is missing, which is allowed' : false

describe('signing in through a directory', { skip }, () => {
  let slapd: Slapd
  const open: { close(): void }[] = []
  before(async () => {
    slapd = await startSlapd()
  })
  after(async () => {
    for (const provider of open) provider.close()
    await slapd?.stop()
  })

  const settingsWith = (change: object = {}) =>
    ldapSettings({ servers: [slapd.tls], ca: slapd.authority, timeoutMs: 5000, ...change })
  const providerWith = (change: object = {}) => {
    const provider = providerFor(settingsWith(change))
    open.push(provider)
    return provider
  }
  const signIn = (login: string, password = PASSWORD, change: object = {}) =>
    outcomeOf(providerWith(change).authenticate(login, password))
  const openLdap = { schema: 'openldap', searchBase: PEOPLE }

  const ANN = 'signed in: 03020100-0504-0706-0809-0a0b0c0d0e01'

  it('refuses a wrong password, a name nobody has, and no password at all', async () => {
    assert.equal(await signIn('ann', 'wrong'), 'wrong-credentials: bind-refused')
    assert.equal(await signIn('nobody', PASSWORD), 'wrong-credentials: entry-missing')
    for (const password of ['', '\0', `\0${PASSWORD}`, 'x'.repeat(1025)])
      assert.equal(await signIn('ann', password), 'wrong-credentials: password-unsendable')
  })

  it('sends a bind for a name that nobody has too', async () => {
    const mark = slapd.mark()
    await signIn('nobody', PASSWORD)
    await slapd.saidSince(mark, /BIND dn="cn=portico-nobody,ou=staff/)
  })

  it('takes what was typed as a value, and never as a part of the filter', async () => {
    for (const login of ['*', 'a*', 'ann)(|(sAMAccountName=*', '*)(uid=*', 'ann)(&)', '\\61nn', 'ann\0', 'a\nnn'])
      assert.match(await signIn(login), /^wrong-credentials: (entry-missing|login-malformed)$/, JSON.stringify(login))
  })

  it('finds the person whose name looks like a filter', async () => {
    assert.match(await signIn('*)(sAMAccountName=*'), /^signed in: .*08$/)
  })

  it('refuses an address that two people have', async () => {
    const byMail = { matchBy: ['mail'] }
    assert.equal(await signIn('twins@example.com', PASSWORD, byMail), 'wrong-credentials: several-entries')
    assert.equal(await signIn('ann@example.com', PASSWORD, byMail), ANN)
  })

  it('finds people by account name and by principal name, in any case and any script', async () => {
    for (const login of ['ann', 'ANN', ' ann ', 'ann@corp.example']) assert.equal(await signIn(login), ANN, login)
    assert.match(await signIn('jörg'), /^signed in: .*07$/)
    assert.match(await signIn('Smith, Ann'), /^signed in: .*09$/)
    assert.equal(await signIn('corp\\ann', PASSWORD, { netbiosDomain: 'CORP' }), ANN)
    assert.equal(await signIn('other\\ann', PASSWORD, { netbiosDomain: 'CORP' }), 'wrong-credentials: entry-missing')
  })

  it('looks a name up without its domain, for the domains that lead here alone', async () => {
    const strips = { ...openLdap, matchBy: ['uid'], stripsDomain: true }
    assert.match(await signIn('bea@CORP.example', PASSWORD, strips), /^signed in/)
    assert.equal(await signIn('bea@other.example', PASSWORD, strips), 'wrong-credentials: entry-missing')
  })

  it('honours accounts that are disabled, have run out, or need another password, once the password was right', async () => {
    assert.equal(await signIn('dan'), 'user-disabled: account-disabled')
    assert.equal(await signIn('eve'), 'user-disabled: account-expired')
    assert.equal(await signIn('mia'), 'password-expired: password-must-change')
    for (const login of ['dan', 'eve', 'mia'])
      assert.equal(await signIn(login, 'wrong'), 'wrong-credentials: bind-refused')
  })

  it('honours what the password policy of OpenLDAP says', async () => {
    assert.equal(await signIn('ray', PASSWORD, openLdap), 'password-expired: password-must-change')
    assert.equal(await signIn('old', PASSWORD, openLdap), 'password-expired: password-expired')
    assert.equal(await signIn('old', 'wrong', openLdap), 'wrong-credentials: bind-refused')
    for (let count = 0; count < 3; count += 1) await signIn('lou', 'wrong', openLdap)
    assert.equal(await signIn('lou', PASSWORD, openLdap), 'user-disabled: account-locked')
  })

  it('says who somebody is: a lasting subject, and the attributes by the names of the settings', async () => {
    const provider = providerWith({ attributes: ['SAMACCOUNTNAME', 'telephoneNumber', 'objectGUID', 'title'] })
    const answer = await provider.authenticate('ann', PASSWORD)
    assert.deepEqual(answer.ok && answer.value, {
      subject: '03020100-0504-0706-0809-0a0b0c0d0e01',
      claims: {
        SAMACCOUNTNAME: 'ann',
        telephoneNumber: ['+49 30 1', '+49 30 2'],
        objectGUID: '03020100-0504-0706-0809-0a0b0c0d0e01',
        dn: `cn=ann,${STAFF}`,
      },
      amr: ['pwd'],
      acr: null,
      authenticatedAt: Date.parse('2026-06-01T12:00:00Z') / 1000,
      session: null,
    })
    const bea = await providerWith(openLdap).authenticate('bea', PASSWORD)
    assert.match((bea.ok && bea.value.subject) || '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('refuses an entry without the subject', async () => {
    assert.equal(
      await signIn('ann', PASSWORD, { subjectAttribute: 'employeeNumber' }),
      'upstream-invalid: subject-missing',
    )
  })

  const groupsOf = async (login: string, change: object): Promise<string[]> => {
    const answer = await providerWith(change).authenticate(login, PASSWORD)
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.value.claims.groups as string[]
  }
  const named = (names: readonly string[], among: string) => names.map((name) => `cn=${name},${among}`).sort()
  const FLAT = Array.from({ length: FLAT_GROUPS }, (_, index) => `Flat ${index}`)

  for (const [way, groups, nested] of [
    ['memberOf', { from: 'memberOf' }, { from: 'memberOf', nestedDepth: 5 }],
    ['a search', { from: 'search', base: GROUPS }, { from: 'search', base: GROUPS, nestedDepth: 5 }],
  ] as const)
    it(`reads groups by ${way}, page after page, through circles, as deep as allowed`, async () => {
      assert.deepEqual((await groupsOf('ann', { groups, pageSize: 7 })).sort(), named(['Payroll', ...FLAT], GROUPS))
      assert.deepEqual(
        (await groupsOf('ann', { groups: nested, pageSize: 7 })).sort(),
        named(['Payroll', 'Finance', 'Everyone', ...FLAT], GROUPS),
      )
      assert.deepEqual(
        (await groupsOf('ann', { groups: { ...nested, nestedDepth: 1 } })).sort(),
        named(['Payroll', 'Finance', ...FLAT], GROUPS),
      )
    })

  it('reads the groups of OpenLDAP, nested ones too', async () => {
    const groups = { from: 'search', base: CIRCLES, nestedDepth: 3 }
    const found = await groupsOf('bea', { ...openLdap, groups })
    assert.deepEqual(found.sort(), named(['owners', 'readers', 'writers'], CIRCLES))
  })

  describe('bound as the person alone', () => {
    const asUser = { bind: BIND_AS_USER }

    it('signs in, and reads groups as that person', async () => {
      assert.equal(await signIn('ann', PASSWORD, { ...asUser, groups: ALL_GROUPS }), ANN)
      assert.equal(await signIn('ann', 'wrong', asUser), 'wrong-credentials: bind-refused')
      assert.equal(await signIn('nobody', PASSWORD, asUser), 'wrong-credentials: bind-refused')
      assert.equal(await signIn('dan', PASSWORD, asUser), 'user-disabled: account-disabled')
    })

    it('takes what was typed as one value of the name', async () => {
      assert.match(await signIn('Smith, Ann', PASSWORD, asUser), /^signed in: .*09$/)
      for (const login of ['ann,ou=staff', 'ann+sn=ann', 'ann\\2cou=x', '#04', 'x,cn=ann'])
        assert.equal(await signIn(login, PASSWORD, asUser), 'wrong-credentials: bind-refused', login)
    })

    it('keeps to the filter of the settings', async () => {
      const only = { ...asUser, userFilter: '(&(objectClass=user)(telephoneNumber=*))' }
      assert.equal(await signIn('ann', PASSWORD, only), ANN)
      assert.equal(await signIn('Jörg', PASSWORD, only), 'wrong-credentials: entry-missing')
    })
  })

  it('speaks TLS from the start or on request, and never without the right authority', async () => {
    assert.equal(await signIn('ann', PASSWORD, { servers: [slapd.startTls], startTls: true }), ANN)
    for (const way of [{}, { servers: [slapd.startTls], startTls: true }])
      assert.equal(await signIn('ann', PASSWORD, { ...way, ca: null }), 'upstream-unreachable: certificate-refused')
    const byAddress = { servers: [slapd.tls.replace('localhost', '127.0.0.1')] }
    assert.equal(await signIn('ann', PASSWORD, byAddress), 'upstream-unreachable: certificate-refused')
  })

  it('goes without TLS to this machine alone, where that was asked for', async () => {
    const plain = { servers: [slapd.plain], ca: null, allowPlainLoopback: true }
    assert.equal(await signIn('ann', PASSWORD, plain), ANN)
  })

  it('goes on to the next server, and does not come back to a dead one at once', async () => {
    const provider = providerWith({ servers: ['ldaps://localhost:1', slapd.tls], serverTimeoutMs: 1000 })
    assert.equal(await outcomeOf(provider.authenticate('ann', PASSWORD)), ANN)
    assert.equal(await outcomeOf(provider.authenticate('ann', PASSWORD)), ANN)
  })

  it('keeps the connections of the service account, and none of a person', async () => {
    const provider = providerWith()
    await provider.authenticate('ann', PASSWORD)
    const mark = slapd.mark()
    await provider.authenticate('ann', PASSWORD)
    const said = await slapd.saidSince(mark, /BIND dn="cn=ann,[\s\S]* closed/)
    assert.equal(said.match(/ ACCEPT /g)?.length, 1)
    assert.doesNotMatch(said, /BIND dn="cn=reader/)
  })

  it('changes a password by its owner’s own', async () => {
    const provider = providerWith({ ...openLdap, mayChangePasswords: true })
    const change = async (current: string, next: string) => {
      const result = await provider.passwords?.changePassword('cleo', current, next)
      return result?.ok ? 'changed' : `${result?.failure.code}: ${result?.failure.because?.split(':')[0]}`
    }
    assert.equal(await change('wrong', 'another-good-one'), 'wrong-credentials: bind-refused')
    assert.equal(await change(PASSWORD, ''), 'new-password-empty: new-password-missing')
    assert.equal(await change(PASSWORD, PASSWORD), 'new-password-same: new-password-old')
    assert.equal(await change(PASSWORD, 'short'), 'new-password-refused: new-password-unfit')
    assert.equal(await change(PASSWORD, 'another-good-one'), 'changed')
    assert.equal(await change('another-good-one', PASSWORD), 'new-password-same: new-password-old')
    assert.match(await signIn('cleo', 'another-good-one', openLdap), /^signed in/)
    assert.equal(await signIn('cleo', PASSWORD, openLdap), 'wrong-credentials: bind-refused')
  })

  it('changes a password that has to be changed, and says when the directory does not let it', async () => {
    const provider = providerWith({ ...openLdap, mayChangePasswords: true })
    const ray = await provider.passwords?.changePassword('ray', PASSWORD, 'another-good-one')
    assert.deepEqual(ray, { ok: true, value: undefined })
    assert.match(await signIn('ray', 'another-good-one', openLdap), /^signed in/)
    const old = await provider.passwords?.changePassword('old', PASSWORD, 'another-good-one')
    assert.equal(old && !old.ok && old.failure.code, 'password-change-refused')
  })

  it('changes the password of Active Directory in its form: the old value away, the new one in', async () => {
    const provider = providerWith({ mayChangePasswords: true })
    const change = (next: string) => provider.passwords?.changePassword('ann', PASSWORD, next)
    assert.deepEqual(await change('another-good-one'), { ok: true, value: undefined })
    // Here the copy of the schema takes the attribute, and knows nothing of its meaning: the old value is not there any more.
    const again = await change('yet-another-one')
    assert.equal(again && !again.ok && again.failure.code, 'wrong-credentials')
    assert.equal(providerWith().passwords, null)
  })

  it('is told line by line what is right and what is wrong', async () => {
    const lines = await providerWith({ servers: [slapd.tls, 'ldaps://localhost:1'], groups: ALL_GROUPS }).check()
    const said = lines.map(
      ({ line, ok }) => `${ok ? '+' : '-'} ${line.replace(/localhost:\d+/, 'host').replace(/\d{4}-.*/, 'date')}`,
    )
    assert.deepEqual(said, [
      '+ ldaps://host: reached, TLSv1.3, certificate until date',
      '+ LDAP version 3',
      '- schema ad',
      '+ answers in pages',
      '+ service account',
      '+ search base ou=staff,dc=corp,dc=example',
      '+ people',
      '+ subject objectGUID',
      '+ account state',
      '+ groups below dc=corp,dc=example',
      '- ldaps://host',
    ])
    const wrong = await providerFor(settingsWith(), { readSecret: async () => 'wrong' }).check()
    assert.match(
      wrong.find(({ line }) => line === 'service account')?.because ?? '',
      /^the service account was not taken/,
    )
    const elsewhere = await providerWith({ searchBase: 'dc=elsewhere' }).check()
    assert.equal(elsewhere.find(({ line }) => line.startsWith('search base'))?.ok, false)
  })

  it('signs nobody in while the service account is not taken, or has no password', async () => {
    const wrong = providerFor(settingsWith(), { readSecret: async () => 'wrong' })
    assert.equal(await outcomeOf(wrong.authenticate('ann', PASSWORD)), 'upstream-unreachable: service-refused')
    const empty = providerFor(settingsWith(), { readSecret: async () => '' })
    assert.equal(await outcomeOf(empty.authenticate('ann', PASSWORD)), 'upstream-unreachable: service-secret-missing')
  })
})
