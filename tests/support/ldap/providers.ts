import { type LdapProvider, type LdapProviderParts, ldapProvider } from '#adapters/directory-ldap/ldap-provider.ts'
import { guardedLookup } from '#adapters/guarded-fetch/guarded-lookup.ts'
import { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { READER, STAFF, SUFFIX } from './staff.ts'

/** Settings as somebody would write them, for the directory of the tests. */
export const ldapSettings = (change: object): LdapProviderSettings =>
  LdapProviderSettings.parse({
    kind: 'ldap',
    name: 'Corp',
    schema: 'ad',
    bind: { mode: 'searchThenBind', serviceName: READER.name },
    searchBase: STAFF,
    identifiers: ['corp.example'],
    ...change,
  })

export const BIND_AS_USER = { mode: 'bindAsUser', template: `cn={login},${STAFF}` }
export const ALL_GROUPS = { from: 'search', base: SUFFIX, nestedDepth: 5 }

/** A provider for these settings, on this machine, at a moment in 2026. */
export const providerFor = (settings: LdapProviderSettings, parts: Partial<LdapProviderParts> = {}): LdapProvider =>
  ldapProvider({
    settings,
    lookup: guardedLookup({ allowPrivate: true }),
    readSecret: async () => READER.password,
    clock: { now: () => new Date('2026-06-01T12:00:00Z') },
    ...parts,
  })

/** What became of a sign-in, as one line: the subject, or the failure and its reason. */
export const outcomeOf = async (result: ReturnType<LdapProvider['authenticate']>): Promise<string> => {
  const answer = await result
  if (answer.ok) return `signed in: ${answer.value.subject}`
  return `${answer.failure.code}: ${(answer.failure.because ?? '').split(':')[0]}`
}
