import { newEvent } from '../events/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Clock, Random } from '../shared/ports.ts'
import type { Result } from '../shared/result.ts'
import type { KeptTheme, ThemeStore } from './ports.ts'

export interface ThemeKeeper {
  find: ThemeStore['find']
  /** Replaces the look of a pool (client "") or of one of its clients. Fails with `pool-unknown`. */
  put(poolId: string, clientId: string, theme: KeptTheme): Promise<Result<void>>
}

/** Looks as an administrator keeps them: each change leaves its event. */
export const keepThemes = (
  { themes, random, clock }: { themes: ThemeStore; random: Random; clock: Clock },
  by: Administrator,
): ThemeKeeper => ({
  find: themes.find,
  put(poolId, clientId, theme) {
    const now = clock.now()
    const event = newEvent(random, now, {
      poolId,
      type: 'theme.changed',
      outcome: 'success',
      clientId: clientId === '' ? null : clientId,
      context: by.context,
      detail: { act: 'put', by: by.name },
    })
    return themes.put(poolId, clientId, theme, now, { events: [event] })
  },
})
