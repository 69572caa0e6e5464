import { z } from 'zod'
import { ALWAYS_NEEDS_DOMAINS, believesOwnDomainsAlone, providerCommon } from './provider-common.ts'

/** What a directory calls things, unless the settings say otherwise. */
export const DIRECTORY_SCHEMAS = {
  ad: {
    matchBy: ['sAMAccountName', 'userPrincipalName'],
    userFilter: '(&(objectCategory=person)(objectClass=user))',
    subjectAttribute: 'objectGUID',
    attributes: ['sAMAccountName', 'userPrincipalName', 'mail', 'givenName', 'sn', 'displayName', 'telephoneNumber'],
    groupFilter: '(objectClass=group)',
  },
  openldap: {
    matchBy: ['uid', 'mail'],
    userFilter: '(objectClass=person)',
    subjectAttribute: 'entryUUID',
    attributes: ['uid', 'mail', 'cn', 'givenName', 'sn', 'displayName', 'telephoneNumber'],
    groupFilter: '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))',
  },
} as const

/** Nothing waits longer for a directory. */
export const MOST_LDAP_MILLISECONDS = 10_000

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** `ldap://host[:port]` or `ldaps://host[:port]`, and nothing else: what a URL of RFC 4516 may carry besides is said in the settings. */
export const isDirectoryAddress = (text: string): boolean => {
  const url = URL.parse(text)
  return /^ldaps?:\/\/[^/?#@]+\/?$/.test(text) && url !== null && url.hostname !== ''
}

/** Addresses that a connection without TLS may go to: this machine's own, by their number or by the one name that they have. */
export const isLoopbackDirectory = (address: string): boolean => LOOPBACK.test(URL.parse(address)?.hostname ?? '')

/** RFC 4512 §1.4: a name, or numbers with dots. Options (`;binary`) are left out: no value of ours comes in several forms. */
const AttributeName = z
  .string()
  .regex(/^(?:[A-Za-z][A-Za-z0-9-]{0,127}|\d+(?:\.\d+){1,20})$/, 'the name of an attribute')
/** RFC 4514, as the directory reads it. */
const Name = z
  .string()
  .min(3)
  .max(1024)
  .regex(/^[A-Za-z0-9.-]+=/, 'a distinguished name')

/** Never read, whoever asks: what they hold opens the account. */
const SECRET_ATTRIBUTES: ReadonlySet<string> = new Set(
  [
    ...[
      'userPassword',
      'unicodePwd',
      'dBCSPwd',
      'lmPwdHistory',
      'ntPwdHistory',
      'supplementalCredentials',
      'authPassword',
    ],
    ...['sambaNTPassword', 'sambaLMPassword', 'krbPrincipalKey', 'pwdHistory', 'ms-Mcs-AdmPwd', 'msLAPS-Password'],
    ...['msDS-ManagedPassword', 'krbMKey', 'oathSecret', 'ipaNTHash'],
  ].map((name) => name.toLowerCase()),
)
const ReadableAttribute = AttributeName.refine(
  (name) => !SECRET_ATTRIBUTES.has(name.toLowerCase()),
  'an attribute that is no secret',
)

/** They change hands: a name or an address goes to the next person of that name. */
const RENAMED: ReadonlySet<string> = new Set(
  ['mail', 'cn', 'uid', 'dn', 'userPrincipalName', 'sAMAccountName', 'displayName', 'distinguishedName', 'sn'].map(
    (name) => name.toLowerCase(),
  ),
)

/** RFC 4515, looked at from afar: the adapter's parser has the last word, and the check of a provider tells. */
const Filter = z
  .string()
  .max(1024)
  .refine((text) => {
    let depth = 0
    for (const [index, character] of [...text].entries()) {
      depth += character === '(' ? 1 : character === ')' ? -1 : 0
      const isAtEnd = index === [...text].length - 1
      if (depth > 20 || (depth < 1 && !isAtEnd)) return false
    }
    return text.length > 2 && depth === 0
  }, 'one filter in parentheses, at most 20 deep')

const LOGIN = '{login}'
const timesIn = (text: string, part: string): number => text.split(part).length - 1

const BindAsUser = z.strictObject({
  mode: z.literal('bindAsUser'),
  /** The name to bind with: `uid={login},ou=people,dc=example,dc=com` or, in Active Directory, `{login}@corp.example.com`. */
  template: z
    .string()
    .max(1024)
    .refine((text) => timesIn(text, LOGIN) === 1, `${LOGIN}, once`)
    // Whatever was typed would be the whole name, and with it which mechanism is used.
    .refine(
      (text) => /^[A-Za-z0-9.-]+=|^\{login\}@[A-Za-z0-9.-]+$/.test(text),
      'a distinguished name, or a name and its domain',
    ),
})

const SearchThenBind = z.strictObject({
  mode: z.literal('searchThenBind'),
  /** Of the account that looks people up, whose password is kept apart from the settings: a DN, or `reader@corp.example.com`. */
  serviceName: z
    .string()
    .max(1024)
    .regex(/^(?:[A-Za-z0-9.-]+=.+|[^@\s]+@[A-Za-z0-9.-]+)$/, 'a distinguished name, or a name and its domain'),
})

const Groups = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('none') }),
  /** The entry's own `memberOf`, and that of the groups in it. */
  z.strictObject({ from: z.literal('memberOf'), nestedDepth: z.int().min(0).max(10).default(0) }),
  /** LDAP_MATCHING_RULE_IN_CHAIN: Active Directory follows the nesting by itself. */
  z.strictObject({ from: z.literal('in-chain'), base: Name, filter: Filter.nullable().default(null) }),
  z.strictObject({
    from: z.literal('search'),
    base: Name,
    filter: Filter.nullable().default(null),
    memberAttribute: AttributeName.default('member'),
    /** What the member attribute holds: an entry's DN, or (`memberUid` of RFC 2307) its `uid`, which knows no nesting. */
    memberIs: z.enum(['dn', 'uid']).default('dn'),
    nestedDepth: z.int().min(0).max(10).default(0),
  }),
])

const { clockSkewSeconds: _noClockOfTheirs, ...shared } = providerCommon

/** A directory that is asked for names and passwords: LDAP (RFC 4511), or Active Directory by it. */
export const LdapProviderSettings = z
  .strictObject({
    kind: z.literal('ldap'),
    type: z.literal('LDAP').default('LDAP'),
    ...shared,
    /** The same directory, in the order in which they are asked. */
    servers: z
      .array(z.string().max(512).refine(isDirectoryAddress, 'ldap:// or ldaps://, a host and perhaps a port'))
      .min(1)
      .max(10),
    schema: z.enum(['ad', 'openldap']).default('openldap'),
    /** TLS on the plain port, before anything else is said (RFC 4511 §4.14). Servers with `ldaps://` have it from the start. */
    startTls: z.boolean().default(false),
    /** Certificates (PEM) of the authority that is believed, and no other; null: the public ones and the deployment's. */
    ca: z
      .string()
      .max(65_536)
      .regex(/-----BEGIN CERTIFICATE-----/, 'a certificate in PEM')
      .nullable()
      .default(null),
    /** For a trial on one machine: passwords go unencrypted. */
    allowPlainLoopback: z.boolean().default(false),

    bind: z.discriminatedUnion('mode', [BindAsUser, SearchThenBind]),
    /** Where people are. */
    searchBase: Name,
    /** Attributes, any of which is what people type; null: the schema's. */
    matchBy: z.array(AttributeName).min(1).max(5).nullable().default(null),
    /** What an entry must be besides; with `{login}` in it, the whole rule by which it is found. Null: the schema's. */
    userFilter: Filter.nullable().default(null),
    /** `CORP` of `CORP\ann`, which is then looked up as `ann`. */
    netbiosDomain: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,14}$/)
      .nullable()
      .default(null),
    /** `ann@example.com` is looked up as `ann`, for the domains in `identifiers` alone. */
    stripsDomain: z.boolean().default(false),

    /** Immutable and unique there; null: the schema's. */
    subjectAttribute: AttributeName.refine(
      (name) => !RENAMED.has(name.toLowerCase()) && !SECRET_ATTRIBUTES.has(name.toLowerCase()),
      'an attribute that names the same person for good',
    )
      .nullable()
      .default(null),
    /** What is read and becomes claims; null: the schema's. */
    attributes: z.array(ReadableAttribute).max(50).nullable().default(null),
    groups: Groups.default({ from: 'none' }),
    pageSize: z.int().min(1).max(1000).default(500),

    /** For one whole step, every server together. */
    timeoutMs: z.int().min(500).max(MOST_LDAP_MILLISECONDS).default(MOST_LDAP_MILLISECONDS),
    /** For reaching one server and finding the person there, before the next one is tried. */
    serverTimeoutMs: z.int().min(100).max(MOST_LDAP_MILLISECONDS).default(3000),
    /** Connections kept to look people up, and as many at once for their passwords. */
    poolSize: z.int().min(1).max(50).default(5),

    /** Everybody's names are asked of this directory, not only those that `identifiers` lead here. */
    forEverybody: z.boolean().default(false),
    mayChangePasswords: z.boolean().default(false),
    /** A password that was right is kept here too (as a hash), so that the directory can be left one day. */
    capturesPasswords: z.boolean().default(false),
  })
  .refine(believesOwnDomainsAlone, ALWAYS_NEEDS_DOMAINS)
  .superRefine((settings, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (settings.forEverybody === settings.identifiers.length > 0)
      refuse(['forEverybody'], 'either everybody, or the identifiers that lead here')
    for (const [index, address] of settings.servers.entries()) {
      const isPlain = address.startsWith('ldap:') && !settings.startTls
      if (isPlain && !(settings.allowPlainLoopback && isLoopbackDirectory(address)))
        refuse(['servers', index], 'without TLS: use ldaps:// or startTls')
      if (address.startsWith('ldaps:') && settings.startTls)
        refuse(['servers', index], 'ldaps:// and startTls are two ways')
    }
    if (settings.matchBy !== null && settings.userFilter?.includes(LOGIN))
      refuse(['userFilter'], 'say by matchBy or by {login} how people are found, not by both')
    if (settings.stripsDomain && settings.identifiers.length === 0)
      refuse(['stripsDomain'], 'needs the domains in identifiers')
    if (settings.groups.from === 'in-chain' && settings.schema !== 'ad')
      refuse(['groups', 'from'], 'in-chain is a rule of Active Directory')
    if (settings.mayChangePasswords && settings.allowPlainLoopback)
      refuse(['mayChangePasswords'], 'passwords are changed over TLS alone')
  })
export type LdapProviderSettings = z.infer<typeof LdapProviderSettings>

/** What in the settings is weaker than the default, as the check of a provider tells it. */
export const ldapWeaknesses = (settings: LdapProviderSettings): string[] => [
  ...(settings.allowPlainLoopback ? ['connections to this machine are not encrypted'] : []),
  ...(settings.capturesPasswords ? ['passwords that the directory takes are kept here too'] : []),
]
