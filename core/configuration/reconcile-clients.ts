import type { AppClient } from '../clients/client-settings.ts'
import { ok } from '../shared/result.ts'
import type { DeclaredClient, DeclaredPool } from './configuration-file.ts'
import { differences } from './differences.ts'
import { type ApplyPorts, idOf, type PoolHandle, quietly, type Step } from './step.ts'

const HIDDEN = '(secret)'

const create = (
  { admin, materials }: ApplyPorts,
  pool: DeclaredPool,
  { name, id, secret: source, settings, enabled }: DeclaredClient,
  handle: PoolHandle,
): Step => ({
  change: {
    kind: 'create',
    what: 'client',
    pool: pool.name,
    name,
    differences: [
      ...differences({}, { enabled, ...settings }),
      ...(source === undefined ? [] : [{ path: 'secret', from: undefined, to: HIDDEN }]),
    ],
  },
  act: async () => {
    const given = source === undefined ? null : await materials.secret(source)
    const created = await admin.clients.create({
      poolId: idOf(handle),
      name,
      settings,
      ...(id === undefined ? {} : { id }),
      ...(given === null ? {} : { secret: given }),
    })
    if (!created.ok) return created
    const { client, secret } = created.value
    if (!enabled) {
      const disabled = await admin.clients.change({ poolId: client.poolId, clientId: client.id, enabled: false })
      if (!disabled.ok) return disabled
    }
    return ok(secret === null ? null : { clientId: client.id, secret })
  },
})

const update = async (
  { admin, materials }: ApplyPorts,
  pool: DeclaredPool,
  declared: DeclaredClient,
  present: AppClient,
): Promise<Step[]> => {
  const { name, enabled, settings, secret: source } = declared
  const about = { pool: pool.name, name }
  const changed = differences(
    { name: present.name, enabled: present.enabled, ...present.settings },
    { name, enabled, ...settings },
  )
  const { poolId, id: clientId } = present
  const steps: Step[] = [
    {
      change: { ...about, what: 'client', kind: changed.length === 0 ? 'unchanged' : 'update', differences: changed },
      act:
        changed.length === 0
          ? null
          : () => quietly(admin.clients.change({ poolId, clientId, name, enabled, settings })),
    },
  ]
  const secret = source === undefined ? null : await materials.secret(source)
  if (secret !== null && !(await admin.clients.hasSecret(poolId, clientId, secret))) {
    steps.push({
      change: {
        ...about,
        what: 'client secret',
        kind: 'create',
        differences: [{ path: 'secret', from: undefined, to: HIDDEN }],
      },
      act: () => quietly(admin.clients.addSecret({ poolId, clientId, secret })),
    })
  }
  return steps
}

/** Clients by their fixed id, else by name. A secret of the file that is not live yet becomes the second one. */
export const reconcileClients = async (
  ports: ApplyPorts,
  declared: DeclaredPool,
  handle: PoolHandle,
  prune: boolean,
): Promise<{ put: Step[]; gone: Step[] }> => {
  const { admin } = ports
  const present = handle.id === null ? [] : await admin.clients.list(handle.id)
  const meant = ({ id, name }: DeclaredClient) =>
    present.find((client) => (id === undefined ? client.name === name : client.id === id))
  const put: Step[] = []
  for (const client of declared.clients) {
    const found = meant(client)
    put.push(
      ...(found === undefined
        ? [create(ports, declared, client, handle)]
        : await update(ports, declared, client, found)),
    )
  }
  const kept = new Set(declared.clients.flatMap((client) => meant(client)?.id ?? []))
  const gone = (prune ? present.filter(({ id }) => !kept.has(id)) : []).map(
    ({ id, name }): Step => ({
      change: { kind: 'delete', what: 'client', pool: declared.name, name, differences: [] },
      act: () => quietly(admin.clients.delete({ poolId: idOf(handle), clientId: id })),
    }),
  )
  return { put, gone }
}
