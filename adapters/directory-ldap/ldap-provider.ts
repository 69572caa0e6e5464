import { rootCertificates } from 'node:tls'
import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type {
  DirectoryPasswords,
  DirectorySource,
  GuardedLookup,
  ProviderCheck,
  ReadProviderSecret,
} from '#core/federation/ports.ts'
import type { Clock } from '#core/shared/ports.ts'
import type { Result } from '#core/shared/result.ts'
import { checkAccount } from './account-state.ts'
import { afterPassword } from './bind-outcome.ts'
import { putPassword } from './change-password.ts'
import { checkDirectory } from './check-directory.ts'
import { directoryServers } from './directory-servers.ts'
import { groupsOf } from './groups.ts'
import { isSendable, readLogin } from './login-name.ts'
import { type Proven, provePassword } from './prove-password.ts'
import { readIdentity } from './read-identity.ts'
import { refuse } from './refusals.ts'

export interface LdapProviderParts {
  settings: LdapProviderSettings
  lookup: GuardedLookup
  /** Certificate authorities of the deployment, PEM, beside the public ones; not asked where the settings name their own. */
  authorities?: readonly string[]
  readSecret: ReadProviderSecret
  clock: Clock
}

export interface LdapProvider extends DirectorySource, ProviderCheck {
  /** Null: the settings leave passwords to the directory. */
  passwords: DirectoryPasswords | null
  /** Ends the connections that are kept. What runs ends by itself, and no later than its time. */
  close(): void
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const authoritiesOf = ({ settings, authorities }: LdapProviderParts): readonly string[] | null => {
  if (settings.ca !== null) return settings.ca.match(CERTIFICATE) ?? []
  return authorities === undefined ? null : [...rootCertificates, ...authorities]
}

/** One directory of a pool, behind the ports of sign-in sources. Keeps connections: `close` it when the settings change. */
export const ldapProvider = (parts: LdapProviderParts): LdapProvider => {
  const { settings, lookup, readSecret, clock } = parts
  const reach = { lookup, authorities: authoritiesOf(parts) }
  const servers = directoryServers(settings, { reach, readSecret, clock })

  const withProof = async <T>(
    typed: string,
    password: string,
    then: (proven: Proven, signal: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const login = readLogin(typed, settings)
    if (login === null) return refuse('login-malformed')
    if (!isSendable(password)) return refuse('password-unsendable')
    return servers.run((attempt) =>
      provePassword(settings, { login, password }, attempt, (proven) => afterPassword(then(proven, attempt.signal))),
    )
  }

  const authenticate: DirectorySource['authenticate'] = (typed, password) =>
    withProof(typed, password, async ({ entry, outcome, reading }, signal) => {
      if (!outcome.ok) return outcome
      const now = clock.now().getTime()
      const state = checkAccount(settings, entry, now)
      if (!state.ok) return state
      const groups = await reading((connection) => groupsOf({ connection, settings, signal }, entry))
      return readIdentity(settings, entry, groups, now)
    })

  const changePassword: DirectoryPasswords['changePassword'] = async (typed, current, next) => {
    if (next === '') return refuse('new-password-missing')
    if (!isSendable(next)) return refuse('new-password-unfit')
    if (next === current) return refuse('new-password-old')
    return withProof(typed, current, async ({ entry, outcome, isBound, own, reading }, signal) => {
      const hasExpired = !outcome.ok && outcome.failure.code === 'password-expired'
      if (!outcome.ok && !hasExpired) return outcome
      const state = checkAccount(settings, entry, clock.now().getTime())
      if (!state.ok && state.failure.code !== 'password-expired') return state
      const change = { name: entry.name, current, next }
      const put = (connection: typeof own) => putPassword(settings.schema, connection, change, signal)
      // Nobody is bound with a password that has run out: the service account asks then, and the old password proves the person.
      return isBound ? put(own) : reading(put)
    })
  }

  return {
    authenticate,
    passwords: settings.mayChangePasswords ? { changePassword } : null,
    check: () => checkDirectory(settings, servers, clock.now().getTime()),
    close: servers.close,
  }
}
