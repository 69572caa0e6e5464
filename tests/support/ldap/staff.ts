/** Who is in the directory of the tests. */
export const SUFFIX = 'dc=corp,dc=example'
export const STAFF = `ou=staff,${SUFFIX}`
export const PEOPLE = `ou=people,${SUFFIX}`
export const GROUPS = `ou=groups,${SUFFIX}`
export const CIRCLES = `ou=circles,${SUFFIX}`
/** Looks people up. */
export const READER = { name: `cn=reader,${SUFFIX}`, password: 'reads-everybody-1' }
export const PASSWORD = 'correct-horse-staple'
/** Groups that ann is in besides, for more than one page. */
export const FLAT_GROUPS = 60

/** 2020-01-01 in units of 100 ns since 1601. */
const IN_2020 = '132223104000000000'
const NEVER = '9223372036854775807'

type Values = Readonly<Record<string, string | readonly string[]>>

/** Base64 throughout: a value may hold anything (RFC 2849). */
const ldif = (name: string, values: Values): string =>
  [
    `dn:: ${Buffer.from(name).toString('base64')}`,
    ...Object.entries(values).flatMap(([attribute, found]) =>
      [found].flat().map((value) => `${attribute}:: ${Buffer.from(value, 'utf8').toString('base64')}`),
    ),
    '',
  ].join('\n')

const guid = (last: number): string => `objectGUID:: ${Buffer.from([...Array(15).keys(), last]).toString('base64')}\n`

const colleague = (account: string, last: number, more: Values = {}): string =>
  ldif(`cn=${account.replace(/[,+"\\<>;=#]/g, '\\$&')},${STAFF}`, {
    objectClass: 'user',
    objectCategory: 'person',
    cn: account,
    sn: account,
    sAMAccountName: account,
    userPrincipalName: `${account}@corp.example`,
    mail: `${account}@example.com`,
    userAccountControl: '512',
    accountExpires: NEVER,
    pwdLastSet: IN_2020,
    userPassword: PASSWORD,
    ...more,
  }) + guid(last)

const person = (uid: string, more: Values = {}): string =>
  ldif(`uid=${uid},${PEOPLE}`, {
    objectClass: 'inetOrgPerson',
    uid,
    cn: uid,
    sn: uid,
    mail: `${uid}@example.com`,
    userPassword: PASSWORD,
    ...more,
  })

const quoted = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le')

/** Loaded before the server runs, so that it takes facts which it would otherwise make itself. */
export const peopleLdif = (): string =>
  [
    ldif(SUFFIX, { objectClass: ['dcObject', 'organization'], dc: 'corp', o: 'Corp' }),
    ...[STAFF, PEOPLE, GROUPS, CIRCLES, `ou=policies,${SUFFIX}`].map((name) =>
      ldif(name, { objectClass: 'organizationalUnit', ou: name.slice(3, name.indexOf(',')) }),
    ),
    ldif(READER.name, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'reader',
      userPassword: READER.password,
    }),
    ldif(`cn=strict,ou=policies,${SUFFIX}`, {
      objectClass: ['device', 'pwdPolicy'],
      cn: 'strict',
      pwdAttribute: 'userPassword',
      pwdLockout: 'TRUE',
      pwdMaxFailure: '3',
      pwdMaxAge: '86400',
      pwdMustChange: 'TRUE',
      pwdInHistory: '3',
      pwdMinLength: '10',
      pwdCheckQuality: '2',
    }),
    colleague('ann', 1, { telephoneNumber: ['+49 30 1', '+49 30 2'] }) +
      `unicodePwd:: ${quoted(PASSWORD).toString('base64')}\n`,
    colleague('dan', 2, { userAccountControl: '514' }),
    colleague('eve', 3, { accountExpires: IN_2020 }),
    colleague('mia', 4, { pwdLastSet: '0' }),
    colleague('twin-one', 5, { mail: 'twins@example.com' }),
    colleague('twin-two', 6, { mail: 'twins@example.com' }),
    colleague('Jörg', 7),
    colleague('*)(sAMAccountName=*', 8),
    colleague('Smith, Ann', 9),
    colleague('odd', 10, { userAccountControl: '512', mail: [] }),
    person('bea'),
    person('cleo', { pwdPolicySubentry: `cn=strict,ou=policies,${SUFFIX}` }),
    person('lou', { pwdPolicySubentry: `cn=strict,ou=policies,${SUFFIX}` }),
    person('ray', { pwdPolicySubentry: `cn=strict,ou=policies,${SUFFIX}`, pwdReset: 'TRUE' }),
    person('old', { pwdPolicySubentry: `cn=strict,ou=policies,${SUFFIX}`, pwdChangedTime: '20200101000000Z' }),
  ].join('\n')
