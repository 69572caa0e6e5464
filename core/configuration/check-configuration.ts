import { checkClientSettings } from '../clients/index.ts'
import type { SettingsProblem } from '../shared/result.ts'
import { attributesOfNewUser, namesOfUser } from '../users/index.ts'
import type { ConfigurationFile, DeclaredPool } from './configuration-file.ts'
import { namesOfProviders, providerProblems } from './reconcile-providers.ts'

const twice = (path: string, names: readonly (string | undefined)[]): SettingsProblem[] =>
  names.flatMap((name, at) =>
    name !== undefined && names.indexOf(name) !== at
      ? [{ path: `${path.replace('#', String(at))}`, message: 'is there twice' }]
      : [],
  )

const below = (path: string, problem: SettingsProblem): SettingsProblem => ({
  path: [path, problem.path].filter(Boolean).join('.'),
  message: problem.message,
})

const clientProblems = (pool: DeclaredPool, path: string): SettingsProblem[] => {
  const servers = pool.resourceServers.map((server) => ({ poolId: '', ...server }))
  const providers = namesOfProviders(pool)
  return pool.clients.flatMap((client, at) => {
    const here = `${path}.clients.${at}`
    const checked = checkClientSettings(pool, servers, providers, client.settings)
    const ofSettings = checked.ok
      ? []
      : (checked.failure.problems ?? []).map((problem) => below(`${here}.settings`, problem))
    const ofSecret =
      client.secret !== undefined && client.settings.type !== 'confidential'
        ? [{ path: `${here}.secret`, message: 'a public client has none' }]
        : []
    return [...ofSettings, ...ofSecret]
  })
}

const userProblems = (pool: DeclaredPool, path: string): SettingsProblem[] => {
  const known = new Set(pool.groups.map(({ name }) => name))
  return pool.users.flatMap((user, at) => {
    const here = `${path}.users.${at}`
    const strangers = user.groups.flatMap((name, place) =>
      known.has(name) ? [] : [{ path: `${here}.groups.${place}`, message: 'no such group in this file' }],
    )
    const attributes = attributesOfNewUser(pool.settings, user.attributes, { kind: 'administrator' })
    if (!attributes.ok) {
      const { code, field = '' } = attributes.failure
      const said =
        code === 'attribute-unknown'
          ? 'no such attribute in this pool'
          : code === 'attribute-immutable'
            ? 'cannot be set'
            : 'is not in the right form'
      return [...strangers, { path: `${here}.attributes.${field}`, message: said }]
    }
    const needsName = pool.settings.signInNames.includes('username')
    if (needsName !== (user.username !== undefined)) {
      return [
        ...strangers,
        {
          path: needsName ? here : `${here}.username`,
          message: needsName ? 'needs a username in this pool' : 'this pool has no user names',
        },
      ]
    }
    const names = namesOfUser(pool, user.username ?? 'x', attributes.value)
    if (!names.ok)
      return [
        ...strangers,
        { path: `${here}.${names.failure.field ?? 'username'}`, message: 'is not a name this pool takes' },
      ]
    return names.value.length === 0
      ? [
          ...strangers,
          { path: here, message: `has nothing to sign in with: ${pool.settings.signInNames.join(' or ')}` },
        ]
      : strangers
  })
}

/** What a file says that cannot be true, beyond the form of its parts: all of it at once, by path. */
export const checkConfiguration = ({ pools }: ConfigurationFile): SettingsProblem[] => [
  ...twice(
    'pools.#.name',
    pools.map(({ name }) => name),
  ),
  ...twice(
    'pools.#.id',
    pools.map(({ id }) => id),
  ),
  ...pools.flatMap((pool, at) => {
    const path = `pools.${at}`
    return [
      ...twice(
        `${path}.clients.#.name`,
        pool.clients.map(({ name }) => name),
      ),
      ...twice(
        `${path}.clients.#.id`,
        pool.clients.map(({ id }) => id),
      ),
      ...twice(
        `${path}.groups.#.name`,
        pool.groups.map(({ name }) => name),
      ),
      ...twice(
        `${path}.resourceServers.#.identifier`,
        pool.resourceServers.map(({ identifier }) => identifier),
      ),
      ...providerProblems(pool, path),
      ...clientProblems(pool, path),
      ...userProblems(pool, path),
    ]
  }),
]
