import type { Pool } from '../pools/pool-settings.ts'
import { fail, type Result } from '../shared/result.ts'
import { attributesOfNewUser } from '../users/index.ts'
import type { User } from '../users/user.ts'
import type { DeclaredPool, DeclaredUser } from './configuration-file.ts'
import { type Difference, differences } from './differences.ts'
import { type ApplyPorts, idOf, type PoolHandle, quietly, type Step } from './step.ts'

/** What tells a declared person from the others: the first name they sign in with. */
export const nameOf = (pool: DeclaredPool, user: DeclaredUser): string =>
  user.username ??
  pool.settings.signInNames
    .map((kind) => user.attributes[kind])
    .find((value): value is string => typeof value === 'string') ??
  ''

const passwordOf = async (
  { materials }: ApplyPorts,
  { password, temporary }: DeclaredUser,
): Promise<{ value: string; isTemporary: boolean } | null> => {
  if (password === undefined) return null
  const value = 'plain' in password ? password.plain : await materials.secret(password)
  return value === null ? null : { value, isTemporary: temporary }
}

const create = (ports: ApplyPorts, declared: DeclaredPool, user: DeclaredUser, handle: PoolHandle): Step => ({
  change: {
    kind: 'create',
    what: 'user',
    pool: declared.name,
    name: nameOf(declared, user),
    differences: differences({}, user.attributes),
  },
  act: async () => {
    const pool = await ports.admin.pools.find(idOf(handle))
    if (!pool.ok) return pool
    const password = await passwordOf(ports, user)
    return quietly(
      ports.admin.users.create({
        pool: pool.value,
        attributes: user.attributes,
        ...(user.username === undefined ? {} : { username: user.username }),
        ...(password === null ? {} : { password }),
      }),
    )
  },
})

/** Attributes the file names; others are the person's own. */
const changedAttributes = (pool: Pool, declared: DeclaredUser, present: User): Difference[] => {
  const stored = attributesOfNewUser(pool.settings, declared.attributes, { kind: 'administrator' })
  const wanted = stored.ok ? stored.value : declared.attributes
  return differences(Object.fromEntries(Object.keys(wanted).map((name) => [name, present.attributes[name]])), wanted)
}

const join = (
  ports: ApplyPorts,
  declared: DeclaredPool,
  user: DeclaredUser,
  group: string,
  handle: PoolHandle,
): Step => ({
  change: {
    kind: 'create',
    what: 'membership',
    pool: declared.name,
    name: `${nameOf(declared, user)} in ${group}`,
    differences: [],
  },
  act: async (): Promise<Result<null>> => {
    const pool = await ports.admin.pools.find(idOf(handle))
    if (!pool.ok) return pool
    const found = await ports.admin.users.find(pool.value, nameOf(declared, user))
    if (!found.ok) return fail(found.failure.code)
    return quietly(ports.admin.groups.addMember({ poolId: pool.value.id, name: group, sub: found.value.sub }))
  },
})

/** People are made once; later their named attributes and groups are kept up. Nobody is ever removed by a file. */
export const reconcileUsers = async (
  ports: ApplyPorts,
  declared: DeclaredPool,
  present: Pool | null,
  handle: PoolHandle,
): Promise<Step[]> => {
  const steps: Step[] = []
  for (const user of declared.users) {
    const found = present === null ? null : await ports.admin.users.find(present, nameOf(declared, user))
    const known = found?.ok ? found.value : null
    if (present === null || known === null) steps.push(create(ports, declared, user, handle))
    else {
      const changed = changedAttributes({ ...present, settings: declared.settings }, user, known)
      const attributes = Object.fromEntries(Object.entries(user.attributes))
      steps.push({
        change: {
          kind: changed.length === 0 ? 'unchanged' : 'update',
          what: 'user',
          pool: declared.name,
          name: nameOf(declared, user),
          differences: changed,
        },
        act:
          changed.length === 0
            ? null
            : () =>
                quietly(
                  ports.admin.users.changeAttributes({
                    pool: { ...present, settings: declared.settings },
                    sub: known.sub,
                    attributes,
                  }),
                ),
      })
    }
    const inAlready = present === null || known === null ? [] : await ports.admin.users.groupsOf(present.id, known.sub)
    const missing = user.groups.filter((name) => !inAlready.some((group) => group.name === name))
    steps.push(...missing.map((group) => join(ports, declared, user, group, handle)))
  }
  return steps
}
