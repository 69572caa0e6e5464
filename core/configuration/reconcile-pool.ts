import type { Pool } from '../pools/pool-settings.ts'
import type { DeclaredPool } from './configuration-file.ts'
import { differences } from './differences.ts'
import { type ApplyPorts, idOf, type PoolHandle, quietly, type Step } from './step.ts'

/** The pool a declaration means: the one with its id, else the one with its name. */
export const presentPool = async ({ admin }: ApplyPorts, { id, name }: DeclaredPool): Promise<Pool | null> => {
  const found = await admin.pools.find(id ?? name)
  return found.ok ? found.value : null
}

/** The step that makes a pool what its declaration says. */
export const reconcilePool = (
  { admin }: ApplyPorts,
  declared: DeclaredPool,
  present: Pool | null,
  handle: PoolHandle,
): Step => {
  const { name, settings, id } = declared
  const change = { what: 'pool' as const, pool: name, name }
  if (present === null) {
    return {
      change: { ...change, kind: 'create', differences: differences({}, settings) },
      act: async () => {
        const created = await admin.pools.create({ name, settings, ...(id === undefined ? {} : { id }) })
        if (created.ok) handle.id = created.value.id
        return quietly(Promise.resolve(created))
      },
    }
  }
  const changed = differences({ name: present.name, ...present.settings }, { name, ...settings })
  return {
    change: { ...change, kind: changed.length === 0 ? 'unchanged' : 'update', differences: changed },
    act: changed.length === 0 ? null : () => quietly(admin.pools.change({ poolId: present.id, name, settings })),
  }
}

/** The steps for its resource servers; with `prune`, those that are not declared go. */
export const reconcileResourceServers = async (
  { admin }: ApplyPorts,
  declared: DeclaredPool,
  handle: PoolHandle,
  prune: boolean,
): Promise<{ put: Step[]; gone: Step[] }> => {
  const present = handle.id === null ? [] : await admin.resourceServers.list(handle.id)
  const about = (name: string) => ({ what: 'resource server' as const, pool: declared.name, name })
  const put = declared.resourceServers.map((server): Step => {
    const found = present.find(({ identifier }) => identifier === server.identifier)
    const changed = differences(found === undefined ? {} : { name: found.name, scopes: found.scopes }, {
      name: server.name,
      scopes: server.scopes,
    })
    const kind = found === undefined ? 'create' : changed.length === 0 ? 'unchanged' : 'update'
    return {
      change: { ...about(server.identifier), kind, differences: changed },
      act:
        kind === 'unchanged'
          ? null
          : () => quietly(admin.resourceServers.put({ poolId: idOf(handle), settings: server })),
    }
  })
  const surplus = prune
    ? present.filter(({ identifier }) => !declared.resourceServers.some((server) => server.identifier === identifier))
    : []
  const gone = surplus.map(
    ({ identifier }): Step => ({
      change: { ...about(identifier), kind: 'delete', differences: [] },
      act: () => quietly(admin.resourceServers.delete({ poolId: idOf(handle), identifier })),
    }),
  )
  return { put, gone }
}

/** The steps for its groups; with `prune`, those that are not declared go. */
export const reconcileGroups = async (
  { admin }: ApplyPorts,
  declared: DeclaredPool,
  handle: PoolHandle,
  prune: boolean,
): Promise<{ put: Step[]; gone: Step[] }> => {
  const present = handle.id === null ? [] : await admin.groups.list(handle.id)
  const about = (name: string) => ({ what: 'group' as const, pool: declared.name, name })
  const put = declared.groups.map(({ name, ...settings }): Step => {
    const found = present.find((group) => group.name === name)
    if (found === undefined) {
      return {
        change: { ...about(name), kind: 'create', differences: differences({}, settings) },
        act: () => quietly(admin.groups.create({ poolId: idOf(handle), name, settings })),
      }
    }
    const { description, roleArn, precedence } = found
    const changed = differences({ description, roleArn, precedence }, settings)
    return {
      change: { ...about(name), kind: changed.length === 0 ? 'unchanged' : 'update', differences: changed },
      act: changed.length === 0 ? null : () => quietly(admin.groups.change({ poolId: idOf(handle), name, settings })),
    }
  })
  const surplus = prune ? present.filter((group) => !declared.groups.some(({ name }) => name === group.name)) : []
  const gone = surplus.map(
    ({ name }): Step => ({
      change: { ...about(name), kind: 'delete', differences: [] },
      act: () => quietly(admin.groups.delete({ poolId: idOf(handle), name })),
    }),
  )
  return { put, gone }
}
