import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  bindAnswer,
  entryAnswer,
  modifyAnswer,
  policyError,
  searchDone,
  type Values,
} from '#tests/support/ldap/answers.ts'
import { ANN, ANN_NAME, ANN_SUBJECT, type Answers } from '#tests/support/ldap/lying-directory.ts'
import { outcomeOf, providerFor } from '#tests/support/ldap/providers.ts'
import { READER, STAFF } from '#tests/support/ldap/staff.ts'
import { directoryWith, isPerson, providerOf, SIGNED_IN, settingsFor } from '#tests/support/ldap/trial.ts'

const having =
  (values: Values): NonNullable<Answers['search']> =>
  ({ id }) => [entryAnswer(id, ANN_NAME, { ...ANN, ...values }), searchDone(id)]

describe('a directory as a source of sign-ins', () => {
  it('is asked with the login as one value', async (t) => {
    const directory = await directoryWith(t)
    const provider = providerOf(t, [directory])
    await provider.authenticate('*)(uid=*', 'right')
    assert.equal(
      directory.requests.find(({ kind }) => kind === 'search')?.filter,
      '(&(&(objectcategory=person)(objectclass=user))' +
        '(|(samaccountname=\\2a\\29\\28uid=\\2a)(userprincipalname=\\2a\\29\\28uid=\\2a)))',
    )
  })

  it('fills every place of a filter of the settings', async (t) => {
    const directory = await directoryWith(t)
    const userFilter = '(|(uid={login})(!(cn=x{login}*y))(mail:caseIgnoreMatch:={login}@corp.example))'
    await providerOf(t, [directory], { userFilter }).authenticate('a*(b)\\', 'right')
    assert.equal(
      directory.requests.find(({ kind }) => kind === 'search')?.filter,
      '(|(uid=a\\2a\\28b\\29\\5c)(!(cn=xa\\2a\\28b\\29\\5c*y))(mail:caseIgnoreMatch:=a\\2a\\28b\\29\\5c@corp.example))',
    )
  })

  it('binds exactly the entry that was found, on a connection that nobody uses again', async (t) => {
    const directory = await directoryWith(t)
    const provider = providerOf(t, [directory])
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), `signed in: ${ANN_SUBJECT}`)
    assert.equal(await outcomeOf(provider.authenticate('ann', 'wrong')), 'wrong-credentials: bind-refused')
    const binds = directory.requests.filter(({ kind }) => kind === 'bind')
    assert.deepEqual(
      binds.map(({ name, password, connection }) => [name, password, connection]),
      [
        [READER.name, READER.password, 1],
        [ANN_NAME, 'right', 2],
        [ANN_NAME, 'wrong', 3],
      ],
    )
    for (const { connection, kind } of directory.requests)
      if (connection > 1) assert.ok(kind === 'bind' || kind === 'unbind', `${kind} on connection ${connection}`)
  })

  it('bound by a principal name, binds the entry that was found for it too', async (t) => {
    const bind = { mode: 'bindAsUser', template: '{login}@corp.example' }
    const directory = await directoryWith(t)
    const provider = providerOf(t, [directory], { bind })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(await outcomeOf(provider.authenticate('ann@CORP.example', 'right')), SIGNED_IN)
    const names = directory.requests.filter(({ kind }) => kind === 'bind').map(({ name }) => name)
    assert.deepEqual(names, ['ann@corp.example', ANN_NAME, 'ann@corp.example', ANN_NAME])
    // The name stands for somebody else than the search says.
    directory.answer({ bind: ({ id, name }) => [bindAnswer(id, name === ANN_NAME ? 49 : 0)] })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), 'wrong-credentials: bind-refused')
    for (const login of ['ann@other.example', 'CORP\\ann', '@corp.example', 'a b'])
      assert.equal(await outcomeOf(provider.authenticate(login, 'right')), 'wrong-credentials: login-malformed', login)
  })

  it('sends nothing for what can be nobody’s name or password', async (t) => {
    const directory = await directoryWith(t)
    const provider = providerOf(t, [directory])
    for (const login of ['', '   ', 'a\0nn', 'a\u0007', 'x'.repeat(257), '\ud800'])
      assert.equal(await outcomeOf(provider.authenticate(login, 'right')), 'wrong-credentials: login-malformed')
    for (const password of ['', '\0right', 'ri\0ght', 'ü'.repeat(513)])
      assert.equal(await outcomeOf(provider.authenticate('ann', password)), 'wrong-credentials: password-unsendable')
    assert.equal(directory.connections(), 0)
  })

  for (const [said, expected] of [
    ['525', 'wrong-credentials: bind-refused'],
    ['52e', 'wrong-credentials: bind-refused'],
    ['530', 'user-disabled: sign-in-not-permitted'],
    ['531', 'user-disabled: sign-in-not-permitted'],
    ['532', 'password-expired: password-expired'],
    ['533', 'user-disabled: account-disabled'],
    ['701', 'user-disabled: account-expired'],
    ['773', 'password-expired: password-must-change'],
    ['775', 'user-disabled: account-locked'],
    ['9999', 'wrong-credentials: bind-refused'],
  ] as const)
    it(`understands Active Directory's ${said}`, async (t) => {
      const words = `80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data ${said}, v4563`
      const directory = await directoryWith(t, {
        bind: (request) => [bindAnswer(request.id, isPerson(request) ? 49 : 0, isPerson(request) ? words : '')],
      })
      assert.equal(await outcomeOf(providerOf(t, [directory]).authenticate('ann', 'right')), expected)
    })

  for (const [code, error, expected] of [
    [0, 0, 'password-expired: password-expired'],
    [0, 1, 'user-disabled: account-locked'],
    [0, 2, 'password-expired: password-must-change'],
    [49, 0, 'password-expired: password-expired'],
    [49, 1, 'user-disabled: account-locked'],
    [49, 77, 'wrong-credentials: bind-refused'],
  ] as const)
    it(`understands result ${code} with ${error} of the password policy`, async (t) => {
      const directory = await directoryWith(t, {
        bind: (request) =>
          isPerson(request) ? [bindAnswer(request.id, code, '', [policyError(error)])] : [bindAnswer(request.id)],
      })
      assert.equal(await outcomeOf(providerOf(t, [directory]).authenticate('ann', 'right')), expected)
    })

  for (const [code, expected] of [
    [10, 'upstream-invalid: referral'],
    [8, 'upstream-unreachable: tls-required'],
    [19, 'user-disabled: account-locked'],
    [32, 'wrong-credentials: bind-refused'],
    [34, 'wrong-credentials: bind-refused'],
    [48, 'wrong-credentials: bind-refused'],
    [52, 'upstream-unreachable: server-busy'],
    [53, 'user-disabled: account-disabled'],
    [14, 'upstream-invalid: result-unexpected'],
    [118, 'upstream-invalid: result-unexpected'],
  ] as const)
    it(`signs nobody in by a bind with result ${code}`, async (t) => {
      const directory = await directoryWith(t, {
        bind: (request) => [bindAnswer(request.id, isPerson(request) ? code : 0)],
      })
      assert.equal(await outcomeOf(providerOf(t, [directory]).authenticate('ann', 'right')), expected)
    })

  for (const [what, values, expected] of [
    ['disabled', { userAccountControl: ['514'] }, 'user-disabled: account-disabled'],
    ['expired', { accountExpires: ['132223104000000000'] }, 'user-disabled: account-expired'],
    ['never expiring', { accountExpires: ['0'] }, `signed in: ${ANN_SUBJECT}`],
    ['never expiring, in the other way', { accountExpires: ['9223372036854775807'] }, `signed in: ${ANN_SUBJECT}`],
    ['to change the password', { pwdLastSet: ['0'] }, 'password-expired: password-must-change'],
    ['with a password for ever', { pwdLastSet: ['0'], userAccountControl: ['66048'] }, `signed in: ${ANN_SUBJECT}`],
    ['in a state of no number', { userAccountControl: ['0x202'] }, 'upstream-invalid: account-state-unreadable'],
    ['in two states', { userAccountControl: ['512', '514'] }, 'upstream-invalid: account-state-unreadable'],
    ['without a subject', { objectGUID: [] }, 'upstream-invalid: subject-missing'],
    ['with two subjects', { objectGUID: [Buffer.alloc(16), Buffer.alloc(16, 1)] }, 'upstream-invalid: subject-missing'],
    ['with a subject of no GUID', { objectGUID: ['ann'] }, 'upstream-invalid: subject-missing'],
    ['larger than any claims', { mail: [`${'x'.repeat(70_000)}@example.com`] }, 'upstream-invalid: values-too-large'],
  ] as const)
    it(`judges an account ${what}`, async (t) => {
      const directory = await directoryWith(t, { search: having(values) })
      assert.equal(await outcomeOf(providerOf(t, [directory]).authenticate('ann', 'right')), expected)
    })

  it('lets no bytes out as text, and no value that nobody asked for', async (t) => {
    const values = {
      mail: [Buffer.from([0xff, 0xfe]), 'ann@example.com'],
      sn: [Buffer.from([0xc3])],
      displayName: ['a\0b'],
    }
    const more = { ...values, 'givenName;lang-de': ['Anna'], unicodePwd: ['secret'], telephoneNumber: ['2', '1'] }
    const directory = await directoryWith(t, { search: having(more) })
    const answer = await providerOf(t, [directory]).authenticate('ann', 'right')
    assert.deepEqual(answer.ok && answer.value.claims, {
      sAMAccountName: 'ann',
      mail: 'ann@example.com',
      telephoneNumber: ['2', '1'],
      dn: ANN_NAME,
    })
  })

  it('asks about every group of a circle once', async (t) => {
    const groupsIn: Record<string, string[]> = {
      [ANN_NAME]: ['cn=a'],
      'cn=a': ['cn=b', 'CN=A'],
      'cn=b': ['cn=a', 'cn=c'],
    }
    const directory = await directoryWith(t, {
      search: ({ id, name }) => {
        const found = name === STAFF ? ANN_NAME : name
        return [entryAnswer(id, found, { ...ANN, memberOf: groupsIn[found] ?? [] }), searchDone(id)]
      },
    })
    const provider = providerOf(t, [directory], { groups: { from: 'memberOf', nestedDepth: 10 } })
    const answer = await provider.authenticate('ann', 'right')
    assert.deepEqual(answer.ok && answer.value.claims.groups, ['cn=a', 'cn=b', 'cn=c'])
    const asked = directory.requests.filter(({ kind, name }) => kind === 'search' && name !== STAFF)
    assert.deepEqual(
      asked.map(({ name }) => name),
      ['cn=a', 'cn=b', 'cn=c'],
    )
  })

  it('asks Active Directory for groups within groups by its own rule', async (t) => {
    const directory = await directoryWith(t, {
      search: ({ id, filter }) =>
        filter.includes(':1.2.840.113556.1.4.1941:')
          ? [
              entryAnswer(id, 'CN=Sales\\, North,OU=Groups', {}),
              entryAnswer(id, 'CN=All,OU=Groups', {}),
              searchDone(id),
            ]
          : [entryAnswer(id, 'CN=Ann (Sales)*,OU=Staff', ANN), searchDone(id)],
    })
    const groups = { from: 'in-chain', base: STAFF }
    const answer = await providerOf(t, [directory], { groups }).authenticate('ann', 'right')
    assert.deepEqual(answer.ok && [answer.value.claims.groups, answer.value.claims.groupNames], [
      ['CN=Sales\\, North,OU=Groups', 'CN=All,OU=Groups'],
      ['Sales, North', 'All'],
    ])
    assert.equal(
      directory.requests.at(-1)?.filter,
      '(&(objectclass=group)(|(member:1.2.840.113556.1.4.1941:=CN=Ann \\28Sales\\29\\2a,OU=Staff)))',
    )
  })

  it('changes a password in Active Directory by taking the old value away and putting the new one in', async (t) => {
    const directory = await directoryWith(t)
    // A stand-in for TLS, without which the settings change no password.
    const settings = { ...settingsFor([directory]), mayChangePasswords: true }
    const provider = providerFor(settings)
    t.after(() => provider.close())
    assert.deepEqual(await provider.passwords?.changePassword('ann', 'right', 'nëw'), { ok: true, value: undefined })
    const modify = directory.requests.find(({ kind }) => kind === 'modify')
    const quoted = (text: string) => Buffer.from(`"${text}"`, 'utf16le').toString('hex')
    assert.match(
      modify?.bytes.toString('hex') ?? '',
      new RegExp(`0a0101.*${quoted('right')}.*0a0100.*${quoted('nëw')}`),
    )
    const change = async (code: number, said: string) => {
      directory.answer({ modify: ({ id }) => [modifyAnswer(id, code, said)] })
      const result = await provider.passwords?.changePassword('ann', 'right', 'next')
      return result?.ok ? 'changed' : result?.failure.code
    }
    assert.equal(await change(19, '0000052D: AtrErr: DSID-03191083, problem 1005'), 'new-password-refused')
    assert.equal(await change(53, '0000052D: SvcErr: DSID-031A12D2, problem 5003'), 'new-password-refused')
    assert.equal(await change(19, '00000056: AtrErr: DSID-03191083, problem 1005'), 'wrong-credentials')
    assert.equal(await change(53, '0000001F: SvcErr: DSID-031A12D2'), 'password-change-refused')
    assert.equal(await change(50, ''), 'password-change-refused')
    assert.equal(await change(52, ''), 'upstream-unreachable')
  })

  it('changes a password that has run out as the service account, and none of an account that is disabled', async (t) => {
    const directory = await directoryWith(t, {
      bind: (request) => [bindAnswer(request.id, isPerson(request) ? 49 : 0, isPerson(request) ? 'data 532' : '')],
    })
    const provider = providerFor({ ...settingsFor([directory]), mayChangePasswords: true })
    t.after(() => provider.close())
    assert.equal((await provider.passwords?.changePassword('ann', 'right', 'next'))?.ok, true)
    assert.equal(directory.requests.find(({ kind }) => kind === 'modify')?.connection, 1)
    directory.answer({ search: having({ userAccountControl: ['514'] }) })
    const refused = await provider.passwords?.changePassword('ann', 'right', 'next')
    assert.equal(refused && !refused.ok && refused.failure.code, 'user-disabled')
  })
})
