import type { Filter } from 'ldapts'
import { DIRECTORY_SCHEMAS, type LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { ACCOUNT_ATTRIBUTES } from './account-state.ts'
import type { DirectoryConnection } from './connection.ts'
import { type DirectoryEntry, directoryEntry } from './directory-entry.ts'
import { DirectoryFault } from './directory-fault.ts'
import { looksLikeName } from './distinguished-name.ts'
import { refuse } from './refusals.ts'

/** What is read of a person, and nothing besides. */
export const attributesToRead = (settings: LdapProviderSettings): string[] => {
  const schema = DIRECTORY_SCHEMAS[settings.schema]
  const { groups } = settings
  return [
    ...new Set([
      settings.subjectAttribute ?? schema.subjectAttribute,
      ...(settings.attributes ?? schema.attributes),
      ...(settings.schema === 'ad' ? ACCOUNT_ATTRIBUTES : []),
      ...(groups.from === 'memberOf' ? ['memberOf'] : []),
      ...(groups.from === 'search' && groups.memberIs === 'uid' ? ['uid'] : []),
    ]),
  ]
}

/**
 * The one entry that passes the filter. Two are asked for and no more: whether there is another is all that has to be known. Referrals
 * are neither followed nor counted. Fails with `entry-missing`, `several-entries` or `entry-unnamed`.
 */
export const findEntry = async (
  connection: DirectoryConnection,
  settings: LdapProviderSettings,
  { base, scope, filter }: { base: string; scope: 'base' | 'sub'; filter: Filter },
  signal: AbortSignal,
): Promise<Result<DirectoryEntry>> => {
  const search = { base, scope, filter, attributes: attributesToRead(settings), sizeLimit: 2 }
  const [found, ...others] = await connection.search(search, signal).catch((error: unknown) => {
    // RFC 4511 Appendix A: there is no such base, or none that can be; under a name made of a login that is nobody.
    if (error instanceof DirectoryFault && /^result (32|34)$/.test(error.detail ?? '')) return []
    throw error
  })
  if (found === undefined) return refuse('entry-missing')
  if (others.length > 0) return refuse('several-entries')
  return looksLikeName(found.dn) ? ok(directoryEntry(found)) : refuse('entry-unnamed')
}
