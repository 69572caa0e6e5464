import { fail, ok } from '#core/shared/result.ts'
import type { EncodedPicture, KeptTheme, ThemeStore } from '#core/themes/ports.ts'
import { keyOf } from './ledger.ts'
import type { MemoryPools } from './pools.ts'

export interface MemoryThemes extends ThemeStore {
  size(): number
}

/** Looks and their pictures, in memory. */
export const memoryThemes = (pools: MemoryPools): MemoryThemes => {
  const looks = new Map<string, KeptTheme>()
  const pictures = new Map<string, EncodedPicture>()
  return {
    size: () => looks.size,
    async find(poolId, clientId) {
      const { settings, cssSource, css } = looks.get(keyOf(poolId, clientId)) ?? {}
      return settings === undefined
        ? null
        : structuredClone({ settings, cssSource: cssSource ?? null, css: css ?? null })
    },
    async image(poolId, hash) {
      const { contentType, bytes } = pictures.get(keyOf(poolId, hash)) ?? {}
      return contentType === undefined || bytes === undefined ? null : { contentType, bytes: Buffer.from(bytes) }
    },
    async put(poolId, clientId, theme, _at, alongside) {
      if (!pools.bump(poolId)) return fail('pool-unknown')
      looks.set(keyOf(poolId, clientId), structuredClone(theme))
      for (const picture of theme.images) pictures.set(keyOf(poolId, picture.hash), picture)
      pools.ledger.add(alongside)
      return ok(undefined)
    },
  }
}
