import { newEvent } from '../events/index.ts'
import type { SigningKeyMaker } from '../keys/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, type Result } from '../shared/result.ts'
import { parseSettings } from '../shared/settings/index.ts'
import type { UserLister } from '../users/ports.ts'
import { PoolName } from './create-pool.ts'
import { type Pool, PoolSettings } from './pool-settings.ts'
import type { PoolLinks, PoolStore } from './ports.ts'
import { relyingPartyRefusal } from './relying-party.ts'

export interface ChangePoolPorts {
  pools: PoolStore
  links: PoolLinks
  users: UserLister
  keys: SigningKeyMaker
  random: Random
  clock: Clock
}

export interface ChangePool {
  poolId: string
  name?: string
  /** The settings as they shall be from now on, as given; parsed here. */
  settings?: unknown
  by: Administrator
}

/** What decides how names are made unique: changed under people who have names, two of them could become one. */
const namesChange = (from: PoolSettings, to: PoolSettings): boolean =>
  from.caseSensitiveNames !== to.caseSensitiveNames ||
  from.signInNames.toSorted().join() !== to.signInNames.toSorted().join()

/**
 * Renames a pool or replaces its settings. Fails with `pool-unknown`, `settings-refused`, `already-exists`, or with
 * `state-refused` when sign-in names would change while there are users. Another algorithm gets keys before it is in force.
 */
export const changePool =
  ({ pools, links, users, keys, random, clock }: ChangePoolPorts) =>
  async ({ poolId, name, settings, by }: ChangePool): Promise<Result<Pool>> => {
    const pool = await pools.find(poolId)
    if (pool === null) return fail('pool-unknown')
    if (name !== undefined) {
      const parsedName = parseSettings(PoolName, name, 'name')
      if (!parsedName.ok) return parsedName
    }
    const parsed = settings === undefined ? null : parseSettings(PoolSettings, settings)
    if (parsed !== null && !parsed.ok) return parsed
    const unreliable = parsed === null ? null : relyingPartyRefusal(links, poolId, parsed.value)
    if (unreliable !== null) return unreliable

    const now = clock.now()
    if (parsed !== null) {
      if (namesChange(pool.settings, parsed.value) && (await users.list(poolId, {}, null, 1)).users.length > 0) {
        return fail('state-refused', {
          field: 'signInNames',
          because: 'sign-in names are settled once a pool has users',
        })
      }
      if (pool.settings.algorithm !== parsed.value.algorithm) await keys.createFor(poolId, parsed.value, now)
    }
    return pools.update(
      poolId,
      { ...(name === undefined ? {} : { name }), ...(parsed === null ? {} : { settings: parsed.value }), at: now },
      {
        events: [
          newEvent(random, now, {
            poolId,
            type: 'pool.changed',
            outcome: 'success',
            context: by.context,
            detail: { act: 'change', by: by.name },
          }),
        ],
      },
    )
  }
