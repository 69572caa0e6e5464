import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type { Result } from '#core/shared/result.ts'
import { afterPassword, readBindOutcome } from './bind-outcome.ts'
import type { DirectoryConnection } from './connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import type { Attempt, DirectoryServer } from './directory-servers.ts'
import { escapeNameValue } from './distinguished-name.ts'
import { findEntry } from './find-entry.ts'
import { refuse } from './refusals.ts'
import { equals, personFilter, userFilter } from './user-filter.ts'

export interface Credentials {
  login: string
  password: string
}

/** Somebody's entry, how its password was taken, and a connection that may read about them. */
export interface Proven {
  entry: DirectoryEntry
  /** Whether the directory took the password for exactly this entry, and if not, why. */
  outcome: Result<void>
  /** `own` is bound as this person: to do anything, or nothing but change a password that has to be changed. */
  isBound: boolean
  own: DirectoryConnection
  /** Runs what is to be read about them: as the service account, or as themselves where there is none. */
  reading<T>(work: (connection: DirectoryConnection) => Promise<T>): Promise<T>
}

const bindAs = async (connection: DirectoryConnection, name: string, password: string, signal: AbortSignal) =>
  afterPassword(
    connection.bind(name, password, signal).then((answer) => ({
      outcome: readBindOutcome(answer),
      isBound: answer.code === 0,
    })),
  )

/** As much work for a name that nobody has as for one that somebody has: a bind, of which nothing is believed. */
const bindAsNobody = async (server: DirectoryServer, base: string, password: string, signal: AbortSignal) => {
  await server.fresh.use(signal, (connection) =>
    afterPassword(connection.bind(`cn=portico-nobody,${base}`, password, signal)),
  )
}

const serviceOf = ({ service }: DirectoryServer) => {
  if (service === null) throw new Error('a search before the bind needs a service account')
  return service
}

/** Looks the person up as the service account, and binds as the entry that was found, on a connection of its own. */
const searchThenBind = async <T>(
  settings: LdapProviderSettings,
  { login, password }: Credentials,
  { server, signal, patience }: Attempt,
  then: (proven: Proven) => Promise<Result<T>>,
): Promise<Result<T>> => {
  const service = serviceOf(server)
  const where = { base: settings.searchBase, scope: 'sub' as const, filter: userFilter(settings, login) }
  const found = await service.use(patience, (connection) => findEntry(connection, settings, where, patience))
  if (!found.ok) {
    await bindAsNobody(server, settings.searchBase, password, signal)
    return found
  }
  const entry = found.value
  return server.fresh.use(signal, async (own) => {
    const bound = await bindAs(own, entry.name, password, signal)
    return then({ entry, ...bound, own, reading: (work) => service.use(signal, work) })
  })
}

type BindAsUser = Extract<LdapProviderSettings['bind'], { mode: 'bindAsUser' }>

/** The name to bind with, and where the entry of that name is; null: the login cannot be part of it. */
const namedBy = (settings: LdapProviderSettings, { template }: BindAsUser, login: string) => {
  if (!template.startsWith('{login}@')) {
    const name = template.replace('{login}', () => escapeNameValue(login))
    return { name, base: name, scope: 'base' as const, filter: personFilter(settings, login) }
  }
  const domain = template.slice('{login}'.length)
  const local = login.toLowerCase().endsWith(domain.toLowerCase()) ? login.slice(0, -domain.length) : login
  if (local === '' || /[@\\/"\s]/.test(local)) return null
  const name = `${local}${domain}`
  const filter = userFilter(settings, local, [equals('userPrincipalName', name)])
  return { name, base: settings.searchBase, scope: 'sub' as const, filter }
}

/**
 * Binds with the name that the template makes of the login, and reads the entry as that person. The entry that was found is then bound
 * too, unless it is by its very name that the bind was made: which entry a name stands for is the directory's affair, and whose
 * password was right is ours.
 */
const bindAsUser = async <T>(
  settings: LdapProviderSettings,
  bind: BindAsUser,
  { login, password }: Credentials,
  { server, signal, patience }: Attempt,
  then: (proven: Proven) => Promise<Result<T>>,
): Promise<Result<T>> => {
  const named = namedBy(settings, bind, login)
  if (named === null) return refuse('login-malformed')
  return server.fresh.use(patience, async (own) => {
    const first = await bindAs(own, named.name, password, signal)
    if (!first.outcome.ok) return first.outcome
    const found = await afterPassword(findEntry(own, settings, named, signal))
    if (!found.ok) return found
    const entry = found.value
    const bound = entry.name === named.name ? first : await bindAs(own, entry.name, password, signal)
    return then({ entry, ...bound, own, reading: (work) => work(own) })
  })
}

/** Finds who has this name and tries the password for exactly that entry. Throws `DirectoryFault`. */
export const provePassword = <T>(
  settings: LdapProviderSettings,
  credentials: Credentials,
  attempt: Attempt,
  then: (proven: Proven) => Promise<Result<T>>,
): Promise<Result<T>> =>
  settings.bind.mode === 'searchThenBind'
    ? searchThenBind(settings, credentials, attempt, then)
    : bindAsUser(settings, settings.bind, credentials, attempt, then)
