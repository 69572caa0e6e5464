import { LRUCache } from 'lru-cache'
import type { SigningKeyStore } from '#core/keys/index.ts'
import type { PoolReader, ResourceServerStore } from '#core/pools/ports.ts'
import type { Clock } from '#core/shared/ports.ts'
import { buildProvider } from './build-provider.ts'
import { discoveryDocument, jwksDocument, type PreparedDocument } from './discovery.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'
import type { PoolProvider } from './pool-provider.ts'
import { tokenSigner } from './token-signer.ts'

/** A pool, ready to answer: provider, keys and prepared documents of one version of its settings. */
export interface PoolRuntime extends PoolForOidc {
  provider: PoolProvider
  answer: ReturnType<PoolProvider['callback']>
  discovery: PreparedDocument
  jwks: PreparedDocument
}

interface Entry {
  checkedAt: number
  runtime: Promise<PoolRuntime | null>
}

const MAX_POOLS = 2_000
/** A change made by another process shows within this time even when the database's notice was missed. */
const FRESH_MS = 2_000
/** Guessed pool ids cost one query and then nothing for a while. */
const UNKNOWN_MS = 5_000

export interface PoolRuntimes {
  /** Null when there is no such pool. Throws when the database is away and nothing is known. */
  get(poolId: string): Promise<PoolRuntime | null>
  /** The pool changed: look again at the next request. */
  expire(poolId: string): void
}

/** Providers are built on demand and kept as promises, so that a burst of first requests builds one. */
export const poolRuntimes = (
  stores: {
    pools: PoolReader & { version(poolId: string): Promise<number | null> }
    keys: SigningKeyStore
    resourceServers: ResourceServerStore
    clock: Clock
  },
  deps: () => OidcDeps,
): PoolRuntimes => {
  const entries = new LRUCache<string, Entry>({ max: MAX_POOLS })
  const unknown = new LRUCache<string, true>({ max: 10_000, ttl: UNKNOWN_MS })

  const build = async (poolId: string): Promise<PoolRuntime | null> => {
    const pool = await stores.pools.find(poolId)
    if (pool === null) return null
    const [keys, resourceServers] = await Promise.all([stores.keys.list(poolId), stores.resourceServers.list(poolId)])
    const { config } = deps()
    const forOidc: PoolForOidc = {
      pool,
      issuer: `${config.PUBLIC_ORIGIN}/${poolId}`,
      base: `/${poolId}`,
      keys,
      signer: tokenSigner(keys),
      resourceServers,
    }
    const provider = buildProvider(forOidc, deps())
    return {
      ...forOidc,
      provider,
      answer: provider.callback(),
      discovery: discoveryDocument(forOidc, config.PUBLIC_ORIGIN),
      jwks: jwksDocument(forOidc),
    }
  }

  const start = (poolId: string): Promise<PoolRuntime | null> => {
    const runtime = build(poolId)
    const entry: Entry = { checkedAt: stores.clock.now().getTime(), runtime }
    entries.set(poolId, entry)
    runtime.then(
      (built) => {
        if (built !== null) return
        unknown.set(poolId, true)
        if (entries.get(poolId) === entry) entries.delete(poolId)
      },
      () => {
        if (entries.get(poolId) === entry) entries.delete(poolId)
      },
    )
    return runtime
  }

  return {
    async get(poolId) {
      if (unknown.has(poolId)) return null
      const entry = entries.get(poolId)
      if (entry === undefined) return start(poolId)
      const now = stores.clock.now().getTime()
      if (now - entry.checkedAt < FRESH_MS) return entry.runtime
      entry.checkedAt = now
      const [current, version] = await Promise.all([entry.runtime, stores.pools.version(poolId).catch(() => undefined)])
      // The database is away: what was known serves what needs no database, and the rest fails by itself.
      if (version === undefined || current?.pool.version === version) return current
      return start(poolId)
    },
    expire(poolId) {
      const entry = entries.get(poolId)
      if (entry !== undefined) entry.checkedAt = 0
      unknown.delete(poolId)
    },
  }
}
