import { type ResourceServer, STANDARD_SCOPES } from '../pools/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { ok, type Result, type SettingsProblem } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { isKnownAttribute, isReadableAttribute, requiredAttributes, writableAttributes } from '../users/index.ts'
import { ClientSettings } from './client-settings.ts'

const unknownScopes = (settings: ClientSettings, servers: readonly ResourceServer[]): SettingsProblem[] => {
  const known = new Set<string>([
    ...STANDARD_SCOPES,
    ...servers.flatMap(({ identifier, scopes }) => scopes.map(({ name }) => `${identifier}/${name}`)),
  ])
  return settings.scopes.flatMap((scope, at) =>
    known.has(scope) ? [] : [{ path: `scopes.${at}`, message: 'no such scope in this pool' }],
  )
}

/** Scopes about people make no sense where there are none. */
const scopesOfMachines = ({ flows, scopes }: ClientSettings): SettingsProblem[] =>
  flows.includes('client_credentials')
    ? scopes.flatMap((scope, at) =>
        scope.includes('/')
          ? []
          : [{ path: `scopes.${at}`, message: 'client_credentials takes scopes of resource servers only' }],
      )
    : []

const unknownAttributes = (settings: ClientSettings, pool: Pick<Pool, 'settings'>): SettingsProblem[] =>
  (['readAttributes', 'writeAttributes'] as const).flatMap((list) =>
    (settings[list] ?? []).flatMap((name, at) =>
      (list === 'readAttributes' ? isReadableAttribute : isKnownAttribute)(pool.settings, name)
        ? []
        : [{ path: `${list}.${at}`, message: 'no such attribute in this pool' }],
    ),
  )

/** Who signs people up must be able to write what the pool requires of them. */
const unwritable = (settings: ClientSettings, pool: Pick<Pool, 'settings'>): SettingsProblem[] => {
  if (
    !pool.settings.selfSignUp ||
    !settings.flows.includes('authorization_code') ||
    settings.writeAttributes === undefined
  )
    return []
  const writable = writableAttributes(pool.settings, settings)
  const missing = requiredAttributes(pool.settings).filter((name) => !writable.has(name))
  return missing.length === 0
    ? []
    : [{ path: 'writeAttributes', message: `must include what the pool requires: ${missing.join(', ')}` }]
}

/** Accounts of the pool itself, among the names of providers. */
const OWN_ACCOUNTS = 'COGNITO'

const unknownProviders = ({ identityProviders = [] }: ClientSettings, known: readonly string[]): SettingsProblem[] =>
  identityProviders.flatMap((name, at) =>
    name === OWN_ACCOUNTS || known.includes(name)
      ? []
      : [{ path: `identityProviders.${at}`, message: 'no such identity provider in this pool' }],
  )

/** Settings of a client against their schema and against their pool. Fails with `settings-refused`, all problems at once. */
export const checkClientSettings = (
  pool: Pick<Pool, 'settings'>,
  servers: readonly ResourceServer[],
  providers: readonly { name: string }[],
  given: unknown,
): Result<ClientSettings> => {
  const parsed = parseSettings(ClientSettings, given)
  if (!parsed.ok) return parsed
  const settings = parsed.value
  const problems = [
    ...unknownScopes(settings, servers),
    ...unknownProviders(
      settings,
      providers.map(({ name }) => name),
    ),
    ...scopesOfMachines(settings),
    ...unknownAttributes(settings, pool),
    ...unwritable(settings, pool),
  ]
  return problems.length === 0 ? ok(settings) : settingsRefused(problems)
}
