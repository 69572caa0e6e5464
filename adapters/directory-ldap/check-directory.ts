import { type Filter, PresenceFilter } from 'ldapts'
import { DIRECTORY_SCHEMAS, type LdapProviderSettings, ldapWeaknesses } from '#core/federation/ldap-settings.ts'
import type { ProviderCheckLine as Line } from '#core/federation/ports.ts'
import { checkAccount } from './account-state.ts'
import type { DirectoryConnection } from './connection.ts'
import { deadline } from './deadline.ts'
import { type DirectoryEntry, directoryEntry } from './directory-entry.ts'
import { DirectoryFault } from './directory-fault.ts'
import type { DirectoryServer, DirectoryServers } from './directory-servers.ts'
import { attributesToRead } from './find-entry.ts'
import { subjectOf } from './read-identity.ts'
import { forTheLog, LDAP_REFUSALS } from './refusals.ts'
import { readFilter } from './user-filter.ts'

const good = (line: string): Line => ({ line, ok: true, because: null })
const bad = (line: string, because: string): Line => ({ line, ok: false, because })
const judged = (line: string, isGood: boolean, because: string): Line => (isGood ? good(line) : bad(line, because))

const whyNot = (error: unknown): string => {
  if (!(error instanceof DirectoryFault)) throw error
  const detail = error.detail === undefined ? '' : ` (${forTheLog(error.detail)})`
  return `${LDAP_REFUSALS[error.refusal].means}${detail}`
}

const PAGED_RESULTS = '1.2.840.113556.1.4.319'
const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1'
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800'
const ANYTHING = new PresenceFilter({ attribute: 'objectClass' })

interface Look {
  settings: LdapProviderSettings
  signal: AbortSignal
}

const entryAt = async (
  connection: DirectoryConnection,
  base: string,
  attributes: readonly string[],
  signal: AbortSignal,
): Promise<DirectoryEntry | null> => {
  const [entry] = await connection.search({ base, scope: 'base', filter: ANYTHING, attributes }, signal)
  return entry === undefined ? null : directoryEntry(entry)
}

/** What a server says of itself to anybody (RFC 4512 §5.1). */
const aboutServer = async (connection: DirectoryConnection, { settings, signal }: Look): Promise<Line[]> => {
  const attributes = ['supportedCapabilities', 'supportedControl', 'supportedExtension', 'supportedLDAPVersion']
  const root = await entryAt(connection, '', attributes, signal)
  if (root === null) return [bad('what the server says of itself', 'nothing: the lines about it are left out')]
  const isActiveDirectory = root.valuesOf('supportedCapabilities').includes(ACTIVE_DIRECTORY)
  return [
    judged(
      'LDAP version 3',
      root.valuesOf('supportedLDAPVersion').includes('3'),
      'the server does not say that it speaks it',
    ),
    judged(
      `schema ${settings.schema}`,
      isActiveDirectory === (settings.schema === 'ad'),
      isActiveDirectory ? 'this is Active Directory' : 'the server does not say that it is Active Directory',
    ),
    judged('answers in pages', root.valuesOf('supportedControl').includes(PAGED_RESULTS), 'not announced'),
    ...(settings.mayChangePasswords && settings.schema === 'openldap'
      ? [judged('changing passwords', root.valuesOf('supportedExtension').includes(PASSWORD_MODIFY), 'not announced')]
      : []),
  ]
}

const aboutConnection = async (server: DirectoryServer, look: Look): Promise<Line[]> => {
  const { text } = server.address
  try {
    return await server.fresh.use(look.signal, async (connection) => {
      const { tls } = connection
      const protection = tls === null ? 'without TLS' : `${tls.version}, certificate until ${tls.certificateUntil}`
      return [good(`${text}: reached, ${protection}`), ...(await aboutServer(connection, look))]
    })
  } catch (error) {
    return [bad(text, whyNot(error))]
  }
}

const baseLine = async (connection: DirectoryConnection, what: string, base: string, signal: AbortSignal) => {
  const line = `${what} ${base}`
  try {
    return judged(
      line,
      (await entryAt(connection, base, [], signal)) !== null,
      'there is no such entry, or it may not be read',
    )
  } catch (error) {
    return bad(line, whyNot(error))
  }
}

const someEntry = async (connection: DirectoryConnection, { settings, signal }: Look, filter: Filter) => {
  const search = { base: settings.searchBase, scope: 'sub' as const, filter, attributes: attributesToRead(settings) }
  const [entry] = await connection.search({ ...search, sizeLimit: 1 }, signal)
  return entry === undefined ? null : directoryEntry(entry)
}

/** Of the first entry that comes: its name is not written down. */
const aboutPeople = async (connection: DirectoryConnection, look: Look, now: number): Promise<Line[]> => {
  const { settings } = look
  const schema = DIRECTORY_SCHEMAS[settings.schema]
  const subject = settings.subjectAttribute ?? schema.subjectAttribute
  // A filter with the login in it finds nobody without one: the schema's then stands for it.
  const text = settings.userFilter?.includes('{login}') ? schema.userFilter : (settings.userFilter ?? schema.userFilter)
  try {
    if (settings.userFilter !== null) readFilter(settings.userFilter)
    const person = await someEntry(connection, look, readFilter(text))
    if (person === null) return [bad('people', 'the filter finds nobody below the search base')]
    const state = checkAccount(settings, person, now)
    return [
      good('people'),
      judged(
        `subject ${subject}`,
        subjectOf(settings, person) !== null,
        'an entry has no single value of it that can be read',
      ),
      judged(
        'account state',
        state.ok || !state.failure.because?.startsWith('account-state-unreadable'),
        'an entry has it in a form that cannot be read',
      ),
    ]
  } catch (error) {
    return [bad('people', whyNot(error))]
  }
}

const aboutDirectory = async (server: DirectoryServer, look: Look, now: number): Promise<Line[]> => {
  const { settings, signal } = look
  if (server.service === null) return [good('people sign in by their own name; what they may read shows at a sign-in')]
  try {
    return await server.service.use(signal, async (connection) => [
      good('service account'),
      await baseLine(connection, 'search base', settings.searchBase, signal),
      ...(await aboutPeople(connection, look, now)),
      ...('base' in settings.groups ? [await baseLine(connection, 'groups below', settings.groups.base, signal)] : []),
    ])
  } catch (error) {
    return [bad('service account', whyNot(error))]
  }
}

/** What is right and wrong about a directory, server by server, as far as can be told without signing in. */
export const checkDirectory = async (
  settings: LdapProviderSettings,
  { all }: Pick<DirectoryServers, 'all'>,
  now: number,
): Promise<Line[]> => {
  const lines: Line[] = []
  for (const server of all) {
    const time = deadline(settings.timeoutMs)
    const look = { settings, signal: time.signal }
    try {
      const reached = await aboutConnection(server, look)
      const isReached = reached[0]?.ok === true
      lines.push(...reached, ...(isReached ? await aboutDirectory(server, look, now) : []))
    } finally {
      time.stop()
    }
  }
  return [...lines, ...ldapWeaknesses(settings).map((weakness) => bad('strictness', weakness))]
}
