import { type AppClient, ENTITY_ID_TAKEN } from '#core/clients/client-settings.ts'
import type { ClientStore, StoredSecret } from '#core/clients/ports.ts'
import type { Alongside } from '#core/shared/alongside.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { keyOf } from './ledger.ts'
import type { MemoryPools } from './pools.ts'

interface Kept {
  client: AppClient
  secrets: (StoredSecret & { hash: string })[]
}

/** App clients in memory, over the pools they belong to. */
export const memoryClients = (pools: MemoryPools): ClientStore => {
  const clients = new Map<string, Kept>()
  const ofPool = (poolId: string) =>
    [...clients.values()].map(({ client }) => client).filter((client) => client.poolId === poolId)
  const named = (poolId: string, name: string) => ofPool(poolId).find((client) => client.name === name)

  const speaksForAnother = ({ poolId, id, settings: { saml } }: AppClient): boolean =>
    saml !== undefined &&
    ofPool(poolId).some((other) => other.id !== id && other.settings.saml?.entityId === saml.entityId)

  /** Runs against a client that exists, and writes the rest only when that went well. */
  const change = async <T>(
    poolId: string,
    clientId: string,
    alongside: Alongside,
    act: (kept: Kept) => Result<T>,
  ): Promise<Result<T>> => {
    if ((await pools.find(poolId)) === null) return fail('pool-unknown')
    const kept = clients.get(keyOf(poolId, clientId))
    if (!kept) return fail('client-unknown')
    const done = act(kept)
    if (done.ok) {
      pools.bump(poolId)
      pools.ledger.add(alongside)
    }
    return done
  }

  return {
    find: async (poolId, clientId) => structuredClone(clients.get(keyOf(poolId, clientId))?.client ?? null),
    findByName: async (poolId, name) => structuredClone(named(poolId, name) ?? null),
    list: async (poolId) =>
      structuredClone(ofPool(poolId)).sort((a, b) => +a.createdAt - +b.createdAt || (a.id < b.id ? -1 : 1)),
    secretHashes: async (poolId, clientId) =>
      clients.get(keyOf(poolId, clientId))?.secrets.map(({ hash }) => hash) ?? [],
    anyJudges: async (poolId) =>
      ofPool(poolId).some(({ enabled, settings }) => enabled && (settings.threatProtection?.mode ?? 'off') !== 'off'),
    secrets: async (poolId, clientId) =>
      structuredClone(clients.get(keyOf(poolId, clientId))?.secrets ?? [])
        .sort((a, b) => +a.createdAt - +b.createdAt || (a.id < b.id ? -1 : 1))
        .map(({ id, createdAt }) => ({ id, createdAt })),

    async create(client, secret, alongside) {
      if ((await pools.find(client.poolId)) === null) return fail('pool-unknown')
      if (clients.has(keyOf(client.poolId, client.id)) || named(client.poolId, client.name))
        return fail('already-exists')
      if (speaksForAnother(client)) return { ok: false, failure: ENTITY_ID_TAKEN }
      const secrets = secret ? [{ ...secret, createdAt: client.createdAt }] : []
      clients.set(keyOf(client.poolId, client.id), structuredClone({ client, secrets }))
      pools.bump(client.poolId)
      pools.ledger.add(alongside)
      return ok(structuredClone(client))
    },
    update: (poolId, clientId, { at, ...changes }, alongside) =>
      change(poolId, clientId, alongside, (kept) => {
        if (changes.name !== undefined && (named(poolId, changes.name)?.id ?? clientId) !== clientId)
          return fail('already-exists')
        const next = { ...kept.client, ...changes, updatedAt: at }
        if (speaksForAnother(next)) return { ok: false, failure: ENTITY_ID_TAKEN }
        kept.client = structuredClone(next)
        return ok(structuredClone(kept.client))
      }),
    delete: (poolId, clientId, alongside) =>
      change(poolId, clientId, alongside, () => {
        clients.delete(keyOf(poolId, clientId))
        return ok(undefined)
      }),
    addSecret: (poolId, clientId, secret, alongside) =>
      change(poolId, clientId, alongside, ({ secrets }) => {
        if (secrets.length >= 2) return fail('state-refused', { because: 'two secrets already' })
        secrets.push(secret)
        return ok(undefined)
      }),
    removeSecret: (poolId, clientId, secretId, alongside) =>
      change(poolId, clientId, alongside, ({ secrets }) => {
        const at = secrets.findIndex(({ id }) => id === secretId)
        if (at < 0) return fail('secret-unknown')
        secrets.splice(at, 1)
        return ok(undefined)
      }),
  }
}
