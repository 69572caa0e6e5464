import type { Result } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { PoolSettings } from './pool-settings.ts'

/**
 * A pool's settings as given, parsed. Fails with `settings-refused`: also for a second factor, since a pool that demands
 * what nobody can give would let people choose the shorter passwords that go with it.
 */
export const checkPoolSettings = (settings: unknown): Result<PoolSettings> => {
  const parsed = parseSettings(PoolSettings, settings)
  if (!parsed.ok) return parsed
  return parsed.value.mfa === 'off'
    ? parsed
    : settingsRefused([{ path: 'mfa', message: 'there are no second factors yet: leave it off' }])
}
