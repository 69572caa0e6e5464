import type { Pool } from '#core/pools/pool-settings.ts'
import type { PoolStore, ResourceServer, ResourceServerStore } from '#core/pools/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

export interface MemoryPools extends PoolStore {
  ledger: Ledger
  /** For the fakes of what belongs to a pool: bumps its version, false when there is no such pool. */
  bump(poolId: string): boolean
}

export const memoryPools = (book: Ledger = ledger()): MemoryPools => {
  const pools = new Map<string, Pool>()
  const named = (name: string) => [...pools.values()].find((pool) => pool.name === name)
  const copy = (pool: Pool | undefined): Pool | null => structuredClone(pool ?? null)
  return {
    ledger: book,
    bump(poolId) {
      const pool = pools.get(poolId)
      if (pool) pool.version++
      return pool !== undefined
    },
    find: async (poolId) => copy(pools.get(poolId)),
    findByName: async (name) => copy(named(name)),
    list: async () =>
      structuredClone([...pools.values()]).sort((a, b) => +a.createdAt - +b.createdAt || (a.id < b.id ? -1 : 1)),
    async create(pool, alongside) {
      if (pools.has(pool.id) || named(pool.name)) return fail('already-exists')
      pools.set(pool.id, structuredClone(pool))
      book.add(alongside)
      return ok(structuredClone(pool))
    },
    async update(poolId, { name, settings, at }, alongside) {
      const pool = pools.get(poolId)
      if (!pool) return fail('pool-unknown')
      if (name !== undefined && (named(name)?.id ?? poolId) !== poolId) return fail('already-exists')
      const changed = {
        ...pool,
        name: name ?? pool.name,
        settings: structuredClone(settings ?? pool.settings),
        version: pool.version + 1,
        updatedAt: at,
      }
      pools.set(poolId, changed)
      book.add(alongside)
      return ok(structuredClone(changed))
    },
    async delete(poolId, alongside) {
      if (!pools.delete(poolId)) return fail('pool-unknown')
      book.add(alongside)
      return ok(undefined)
    },
  }
}

export const memoryResourceServers = (pools: MemoryPools): ResourceServerStore => {
  const servers = new Map<string, ResourceServer>()
  return {
    list: async (poolId) =>
      structuredClone([...servers.values()].filter((server) => server.poolId === poolId)).sort((a, b) =>
        a.identifier < b.identifier ? -1 : 1,
      ),
    async put(server, alongside) {
      if (!pools.bump(server.poolId)) return fail('pool-unknown')
      servers.set(keyOf(server.poolId, server.identifier), structuredClone(server))
      pools.ledger.add(alongside)
      return ok(undefined)
    },
    async delete(poolId, identifier, alongside) {
      if ((await pools.find(poolId)) === null) return fail('pool-unknown')
      if (!servers.delete(keyOf(poolId, identifier))) return fail('resource-server-unknown')
      pools.bump(poolId)
      pools.ledger.add(alongside)
      return ok(undefined)
    },
  }
}
