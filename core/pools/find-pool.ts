import { POOL_ID } from '../shared/ids.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { Pool } from './pool-settings.ts'
import type { PoolStore } from './ports.ts'

/** A pool by its id or, as people call it, by its name. Fails with `pool-unknown`. */
export const findPool =
  ({ pools }: { pools: Pick<PoolStore, 'find' | 'findByName'> }) =>
  async (idOrName: string): Promise<Result<Pool>> => {
    const pool = (POOL_ID.test(idOrName) ? await pools.find(idOrName) : null) ?? (await pools.findByName(idOrName))
    return pool === null ? fail('pool-unknown') : ok(pool)
  }
