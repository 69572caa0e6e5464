import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { reencodeImage } from '#adapters/images/reencode-image.ts'
import type { ThemeSettings } from '#core/themes/index.ts'
import { aClient, aPool, NOON } from '#tests/support/builders.ts'
import { memoryPools } from '#tests/support/memory/pools.ts'
import { memoryThemes } from '#tests/support/memory/themes.ts'
import { mailBrands } from './mail-brands.ts'
import { loadShippedThemes, themeLibrary } from './theme-library.ts'

const aLogo = async (width: number, height: number) => {
  const bytes = await sharp({ create: { width, height, channels: 4, background: '#c0392b80' } })
    .webp()
    .toBuffer()
  const result = await reencodeImage(bytes)
  assert.ok(result.ok)
  return result.picture
}

const setup = async (
  settings: ThemeSettings = {},
  images: Parameters<ReturnType<typeof memoryThemes>['put']>[2]['images'] = [],
) => {
  const pools = memoryPools()
  const themes = memoryThemes(pools)
  const pool = aPool()
  await pools.create(pool, { events: [] })
  await themes.put(pool.id, '', { settings, cssSource: null, css: null, images }, NOON, { events: [] })
  const warnings: string[] = []
  let reads = 0
  const counted = {
    image(poolId: string, hash: string) {
      reads += 1
      return themes.image(poolId, hash)
    },
  }
  const brandOf = mailBrands({
    looks: themeLibrary(loadShippedThemes(), themes),
    themes: counted,
    warn: (line) => void warnings.push(line),
  })
  return { brand: () => brandOf(pool, aClient(pool.id)), warnings, reads: () => reads }
}
const metadataOf = (base64 = '') => sharp(Buffer.from(base64, 'base64')).metadata()

describe('the mark of a pool’s mails', () => {
  it('is its seal, small and transparent, in the colour of the words beside it', async () => {
    const { brand } = await setup()
    const { picture, rail, onRail } = await brand()
    assert.match(`${rail} ${onRail}`, /^#[0-9a-f]{6} #[0-9a-f]{6}$/)
    assert.deepEqual([picture?.width, picture?.height, picture?.alt], [36, 36, ''])
    const { format, width, hasAlpha } = await metadataOf(picture?.base64)
    assert.deepEqual([format, width, hasAlpha], ['png', 72, true])
    assert.ok((picture?.base64.length ?? 0) < 8_000)
  })

  it('is the theme’s logo made PNG, for fine screens, within the bar’s height', async () => {
    const logo = await aLogo(1200, 300)
    const { brand } = await setup({ logo: { asset: logo.hash, alt: 'Meridian' } }, [logo])
    const { picture } = await brand()
    assert.deepEqual([picture?.width, picture?.height, picture?.alt], [160, 40, 'Meridian'])
    const { format, width, height, hasAlpha } = await metadataOf(picture?.base64)
    assert.deepEqual([format, width, height, hasAlpha], ['png', 320, 80, true])
  })

  it('is not blown up where the logo is small', async () => {
    const logo = await aLogo(30, 20)
    const { brand } = await setup({ logo: { asset: logo.hash, alt: 'Meridian' } }, [logo])
    const { picture } = await brand()
    assert.deepEqual([picture?.width, picture?.height], [30, 20])
  })

  it('is made once for a version of the pool', async () => {
    const logo = await aLogo(80, 80)
    const { brand, reads } = await setup({ logo: { asset: logo.hash, alt: 'Meridian' } }, [logo])
    await Promise.all([brand(), brand()])
    await brand()
    assert.equal(reads(), 1)
  })

  it('is left out, and told to the log, where it cannot be made: the mail goes all the same', async () => {
    const broken = { ...(await aLogo(80, 80)), bytes: new Uint8Array([1, 2, 3]) }
    const { brand, warnings } = await setup({ logo: { asset: broken.hash, alt: 'Meridian' } }, [broken])
    const { picture, rail } = await brand()
    assert.equal(picture, undefined)
    assert.match(rail, /^#/)
    assert.deepEqual(warnings, ['a mail goes without its mark'])
  })
})
