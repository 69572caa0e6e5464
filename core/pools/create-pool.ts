import { z } from 'zod'
import { newEvent } from '../events/index.ts'
import type { SigningKeyMaker } from '../keys/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import { newPoolId, POOL_ID } from '../shared/ids.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, type Result } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { type Pool, PoolSettings } from './pool-settings.ts'
import type { PoolLinks, PoolStore } from './ports.ts'
import { relyingPartyRefusal } from './relying-party.ts'

/** Cognito's UserPoolNameType. */
export const PoolName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{M}\p{N}\s+=,.@_-]+$/u, 'letters, digits, blanks and + = , . @ _ -')

export interface CreatePoolPorts {
  pools: PoolStore
  links: PoolLinks
  keys: SigningKeyMaker
  random: Random
  clock: Clock
}

export interface CreatePool {
  name: string
  /** As given; parsed here. */
  settings: unknown
  /** First half of the id: `eu-local-1`. */
  region: string
  /** A fixed id, for configurations that are applied to several installations. */
  id?: string
  by: Administrator
}

/**
 * A new pool with signing keys of its own. The keys come first: a pool that cannot sign is never seen.
 * Fails with `settings-refused` or `already-exists`.
 */
export const createPool =
  ({ pools, links, keys, random, clock }: CreatePoolPorts) =>
  async ({ name, settings, region, id, by }: CreatePool): Promise<Result<Pool>> => {
    const parsedName = parseSettings(PoolName, name, 'name')
    if (!parsedName.ok) return parsedName
    const parsed = parseSettings(PoolSettings, settings)
    if (!parsed.ok) return parsed
    if (id !== undefined && !POOL_ID.test(id))
      return settingsRefused([{ path: 'id', message: 'must look like eu-local-1_AbCdEfGhI' }])

    const poolId = id ?? newPoolId(random, region)
    const unreliable = relyingPartyRefusal(links, poolId, parsed.value)
    if (unreliable !== null) return unreliable
    if ((await pools.findByName(name)) !== null || (await pools.find(poolId)) !== null)
      return fail('already-exists', { field: 'name' })
    const now = clock.now()
    await keys.createFor(poolId, parsed.value, now)
    return pools.create(
      { id: poolId, name, settings: parsed.value, version: 1, createdAt: now, updatedAt: now },
      {
        events: [
          newEvent(random, now, {
            poolId,
            type: 'pool.changed',
            outcome: 'success',
            context: by.context,
            detail: { act: 'create', by: by.name },
          }),
        ],
      },
    )
  }
