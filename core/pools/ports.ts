import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { Pool, PoolSettings } from './pool-settings.ts'

export interface PoolReader {
  /** Null: no such pool. */
  find(poolId: string): Promise<Pool | null>
}

export interface PoolStore extends PoolReader {
  /** Null: no pool is called so, exactly. */
  findByName(name: string): Promise<Pool | null>
  /** In the order they were made. */
  list(): Promise<readonly Pool[]>
  /** Fails with `already-exists` when the name is in use. */
  create(pool: Pool, alongside: Alongside): Promise<Result<Pool>>
  /** Replaces name and settings and bumps the version. Fails with `pool-unknown`, `already-exists`. */
  update(
    poolId: string,
    change: { name?: string; settings?: PoolSettings; at: Date },
    alongside: Alongside,
  ): Promise<Result<Pool>>
  /** Takes every row of the pool with it, in batches; events stay. */
  delete(poolId: string, alongside: Alongside): Promise<Result<void>>
}

export interface ResourceServer {
  poolId: string
  identifier: string
  name: string
  scopes: readonly { name: string; description: string }[]
}

export interface ResourceServerStore {
  /** By identifier. */
  list(poolId: string): Promise<readonly ResourceServer[]>
  /** Creates or replaces; bumps the pool's version. Fails with `pool-unknown`. */
  put(server: ResourceServer, alongside: Alongside): Promise<Result<void>>
  /** Fails with `resource-server-unknown`. */
  delete(poolId: string, identifier: string, alongside: Alongside): Promise<Result<void>>
}

/** Absolute addresses of a pool, from configuration and never from a request. */
export interface PoolLinks {
  /** `https://auth.example.com/eu-local-1_AbCdEfGhI` */
  base(poolId: string): string
}
