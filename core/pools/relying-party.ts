import { relyingPartyOf } from '../factors/index.ts'
import type { Result } from '../shared/result.ts'
import { settingsRefused } from '../shared/settings/index.ts'
import type { PoolSettings } from './pool-settings.ts'
import type { PoolLinks } from './ports.ts'

/**
 * The refusal of a domain for passkeys that the pool's own address does not belong to: no browser would make one there.
 * Whether it is a public suffix the browser knows better, and refuses. Null: all is well.
 */
export const relyingPartyRefusal = (
  links: PoolLinks,
  poolId: string,
  { passkeys }: Pick<PoolSettings, 'passkeys'>,
): Result<never> | null => {
  const base = links.base(poolId)
  return relyingPartyOf(passkeys, base, poolId) === null
    ? settingsRefused([
        {
          path: 'passkeys.relyingPartyId',
          message: `must be ${new URL(base).hostname}, or a domain it belongs to`,
        },
      ])
    : null
}
