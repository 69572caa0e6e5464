import { AndFilter, EqualityFilter, ExtensibleFilter, type Filter, OrFilter, PresenceFilter } from 'ldapts'
import { DIRECTORY_SCHEMAS, type LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type { DirectoryConnection } from './connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { DirectoryFault } from './directory-fault.ts'
import { nameKey } from './distinguished-name.ts'
import { searchAll } from './paged-search.ts'
import { readFilter } from './user-filter.ts'

/** Active Directory itself stops at about this many (1,015) when somebody signs in. */
const MOST_GROUPS = 1000
/** Names in one question. */
const NAMES_AT_ONCE = 50
/** LDAP_MATCHING_RULE_TRANSITIVE_EVAL, also called IN_CHAIN (MS-ADTS §3.1.1.3.4.4). */
const IN_CHAIN = '1.2.840.113556.1.4.1941'

type Groups = LdapProviderSettings['groups']
type Asked = { connection: DirectoryConnection; settings: LdapProviderSettings; signal: AbortSignal }

/** Groups in the order they were found, each once, however often and in whatever circle they name one another. */
const groupSet = () => {
  const byKey = new Map<string, string>()
  return {
    /** Those of the names that are new. */
    add(names: readonly string[]): string[] {
      const fresh = names.filter((name) => {
        const key = nameKey(name)
        if (byKey.has(key)) return false
        byKey.set(key, name)
        return true
      })
      if (byKey.size > MOST_GROUPS) throw new DirectoryFault('values-too-large', `more than ${MOST_GROUPS} groups`)
      return fresh
    },
    names: (): string[] => [...byKey.values()],
  }
}

/** Level by level: what a group is in, what that is in, and so on, as deep as allowed. */
const climb = async (
  direct: readonly string[],
  depth: number,
  parentsOf: (names: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> => {
  const groups = groupSet()
  let level = groups.add(direct)
  for (let left = depth; left > 0 && level.length > 0; left -= 1) level = groups.add(await parentsOf(level))
  return groups.names()
}

/** A group that cannot be read, or is gone, is in no other one. */
const memberOfGroup = async ({ connection, settings, signal }: Asked, name: string): Promise<readonly string[]> => {
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const search = { base: name, scope: 'base' as const, filter, attributes: ['memberOf'] }
  try {
    const [group] = await searchAll(connection, search, { pageSize: settings.pageSize, most: 1, signal })
    return group?.valuesOf('memberOf') ?? []
  } catch (error) {
    if (error instanceof DirectoryFault && /^result (10|32|34|50)$/.test(error.detail ?? '')) return []
    throw error
  }
}

const groupFilter = (settings: LdapProviderSettings, filter: string | null, members: readonly Filter[]): Filter => {
  const kind = readFilter(filter ?? DIRECTORY_SCHEMAS[settings.schema].groupFilter)
  return new AndFilter({ filters: [kind, new OrFilter({ filters: [...members] })] })
}

const groupsWith = async (
  { connection, settings, signal }: Asked,
  { base, filter }: { base: string; filter: string | null },
  members: readonly Filter[],
): Promise<string[]> => {
  const search = { base, scope: 'sub' as const, filter: groupFilter(settings, filter, members), attributes: [] }
  const found = await searchAll(connection, search, { pageSize: settings.pageSize, most: MOST_GROUPS, signal })
  return found.map(({ name }) => name)
}

const inLots = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / NAMES_AT_ONCE) }, (_, lot) =>
    all.slice(lot * NAMES_AT_ONCE, (lot + 1) * NAMES_AT_ONCE),
  )

const bySearch = (asked: Asked, groups: Extract<Groups, { from: 'search' }>, entry: DirectoryEntry) => {
  const having = async (values: readonly string[]): Promise<string[]> => {
    const found: string[] = []
    for (const lot of inLots(values)) {
      const members = lot.map((value) => new EqualityFilter({ attribute: groups.memberAttribute, value }))
      found.push(...(await groupsWith(asked, groups, members)))
    }
    return found
  }
  const isByName = groups.memberIs === 'dn'
  const own = isByName ? [entry.name] : entry.valuesOf('uid')
  return having(own).then((direct) => climb(direct, isByName ? groups.nestedDepth : 0, having))
}

/**
 * Names of the groups that somebody is in, nested ones included as the settings say; nobody is in more than 1,000. Throws
 * `DirectoryFault`.
 */
export const groupsOf = async (asked: Asked, entry: DirectoryEntry): Promise<string[]> => {
  const { groups } = asked.settings
  switch (groups.from) {
    case 'none':
      return []
    case 'memberOf':
      return climb(entry.valuesOf('memberOf'), groups.nestedDepth, async (names) => {
        const parents: string[] = []
        for (const name of names) parents.push(...(await memberOfGroup(asked, name)))
        return parents
      })
    case 'in-chain': {
      const inChain = new ExtensibleFilter({ matchType: 'member', rule: IN_CHAIN, value: entry.name })
      return climb(await groupsWith(asked, groups, [inChain]), 0, async () => [])
    }
    case 'search':
      return bySearch(asked, groups, entry)
  }
}
