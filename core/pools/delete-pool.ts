import { newEvent } from '../events/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Clock, Random } from '../shared/ports.ts'
import type { Result } from '../shared/result.ts'
import type { PoolStore } from './ports.ts'

/** A pool with all that belongs to it: people, clients, keys. Its events stay. Fails with `pool-unknown`. */
export const deletePool =
  ({ pools, random, clock }: { pools: PoolStore; random: Random; clock: Clock }) =>
  ({ poolId, by }: { poolId: string; by: Administrator }): Promise<Result<void>> =>
    pools.delete(poolId, {
      events: [
        newEvent(random, clock.now(), {
          poolId,
          type: 'pool.changed',
          outcome: 'success',
          context: by.context,
          detail: { act: 'delete', by: by.name },
        }),
      ],
    })
