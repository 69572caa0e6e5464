import { LRUCache } from 'lru-cache'
import { logoPng } from '#adapters/images/logo-png.ts'
import { sealPng } from '#adapters/images/seal-png.ts'
import type { AppClient } from '#core/clients/client-settings.ts'
import type { MailBrand, MailPicture } from '#core/messages/message.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { sealMark } from '#core/themes/index.ts'
import type { ThemeStore } from '#core/themes/ports.ts'
import type { LookOfPage, ThemeLibrary } from './theme-library.ts'

/** Side of the seal in a mail, CSS pixels; drawn at twice that. */
const SEAL_PX = 36

interface MailBrandsDeps {
  looks: ThemeLibrary
  themes: Pick<ThemeStore, 'image'>
  warn(line: string, fields: object): void
}

/**
 * Colours and mark of a pool's mails: the theme's logo, or the seal in the colour of the words beside it. Both stand on the
 * bar, which keeps its colour in the dark. Encoded once per version of a pool; a picture that cannot be made is left out, for
 * whoever waits for a code must get it.
 */
export const mailBrands = ({ looks, themes, warn }: MailBrandsDeps) => {
  const marks = new LRUCache<string, Promise<MailPicture | null>>({ max: 1_000 })

  const draw = async (poolId: string, { onRail, logo }: LookOfPage['mail']): Promise<MailPicture> => {
    const kept = logo === null ? null : await themes.image(poolId, logo.asset)
    if (logo !== null && kept !== null) {
      const { bytes, width, height } = await logoPng(kept.bytes)
      return { base64: Buffer.from(bytes).toString('base64'), width, height, alt: logo.alt }
    }
    const bytes = await sealPng(sealMark(poolId, { color: onRail }), SEAL_PX * 2)
    return { base64: Buffer.from(bytes).toString('base64'), width: SEAL_PX, height: SEAL_PX, alt: '' }
  }

  return async (pool: Pool, client: AppClient | null): Promise<MailBrand> => {
    const { mail } = await looks.look(pool.id, pool.version, `/${pool.id}`, client?.id ?? null)
    const key = `${pool.id}|${pool.version}|${mail.logo?.asset ?? mail.onRail}`
    const known = marks.get(key)
    const mark =
      known ??
      draw(pool.id, mail).catch((error: unknown) => {
        warn('a mail goes without its mark', {
          poolId: pool.id,
          because: error instanceof Error ? error.message : error,
        })
        return null
      })
    if (known === undefined) marks.set(key, mark)
    const picture = await mark
    return { rail: mail.rail, onRail: mail.onRail, ...(picture === null ? {} : { picture }) }
  }
}
