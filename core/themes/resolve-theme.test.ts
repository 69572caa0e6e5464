import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { INKS, inkOfPool } from './ink.ts'
import { toHex } from './oklch.ts'
import { resolveTheme, type ThemeSources } from './resolve-theme.ts'
import { type LoadedTheme, ShippedTheme, type StoredTheme, ThemeSettings } from './theme-settings.ts'

const POOL = 'eu-local-1_AbCdEfGhI'
const ASSET = 'a'.repeat(64)

const shipped = (settings: unknown, css = ''): LoadedTheme => ({
  theme: ShippedTheme.parse({ name: 'A theme', description: 'For a test.', settings }),
  css,
})
const stored = (settings: unknown, css: string | null = null): StoredTheme => ({
  settings: ThemeSettings.parse(settings),
  cssSource: css,
  css,
})
const resolve = (sources: Partial<ThemeSources>) =>
  resolveTheme({ poolId: POOL, shipped: new Map([['default', shipped({})]]), pool: null, client: null, ...sources })

describe('the look of a page', () => {
  it('is decided value by value: shipped theme, then pool, then client', () => {
    const theme = resolve({
      shipped: new Map([['default', shipped({ radius: '4px', density: 1.125, layout: 'card' })]]),
      pool: stored({ radius: '8px', fontText: 'serif' }),
      client: stored({ fontText: 'system' }),
    })
    assert.equal(theme.density, 1.125)
    assert.equal(theme.layout, 'card')
    assert.equal(theme.radius, '8px')
    assert.equal(theme.fontText, 'system')
  })

  it('has the pool’s own ink before anyone configures anything', () => {
    assert.equal(resolve({}).hue, inkOfPool(POOL).hue)
    assert.deepEqual(resolve({}).findings, [])
  })

  it('merges single colours one by one, and each mode by itself', () => {
    const theme = resolve({
      pool: stored({ colors: { light: { link: '#003366', ground: '#fff' }, dark: { link: '#9cf' } } }),
      client: stored({ colors: { light: { link: '#440000' } } }),
    })
    assert.equal(toHex(theme.palette.light.link), '#440000')
    assert.equal(toHex(theme.palette.light.ground), '#ffffff')
    assert.equal(toHex(theme.palette.dark.link), '#99ccff')
  })

  it('reports the pair and the ratio of an override that cannot be read', () => {
    const { findings } = resolve({ pool: stored({ colors: { light: { 'ink-soft': '#bbbbbb' } } }) })
    assert.deepEqual(
      findings.map(({ mode, of, on, least }) => ({ mode, of, on, least })),
      [
        { mode: 'light', of: 'ink-soft', on: 'ground', least: 4.5 },
        { mode: 'light', of: 'ink-soft', on: 'field', least: 4.5 },
      ],
    )
    assert.ok(findings.every(({ ratio }) => ratio > 1 && ratio < 2))
  })

  it('lets a client’s hue replace the pool’s brand, and a client’s brand the pool’s hue', () => {
    assert.equal(resolve({ pool: stored({ brand: '#ffcc00' }), client: stored({ hue: 190 }) }).brand, null)
    const theme = resolve({ pool: stored({ hue: 190, brandDark: '#001122' }), client: stored({ brand: '#ffcc00' }) })
    assert.equal(theme.brand?.light, '#ffcc00')
    assert.notEqual(theme.brand?.dark, '#001122')
  })

  it('uses a given dark brand exactly', () => {
    const theme = resolve({ pool: stored({ brand: '#ffcc00', brandDark: '#332900' }) })
    assert.equal(toHex(theme.palette.light.rail), '#ffcc00')
    assert.equal(toHex(theme.palette.dark.rail), '#332900')
  })

  it('never shows the pool’s dark logo over a client’s own logo', () => {
    const pool = stored({ logo: { asset: ASSET, alt: 'Pool' }, logoDark: { asset: ASSET, alt: 'Pool at night' } })
    assert.equal(resolve({ pool }).logoDark?.alt, 'Pool at night')
    assert.equal(resolve({ pool, client: stored({ logo: { asset: ASSET, alt: 'Client' } }) }).logoDark, null)
  })

  it('stays light when a stylesheet colours the page and says nothing of the dark, as Cognito’s do', () => {
    const css = '.background-customizable{background-color:#fff}'
    assert.equal(resolve({ pool: stored({}, css) }).colorMode, 'light')
    assert.equal(resolve({ client: stored({}, '.background-customizable{background:#101418}') }).colorMode, 'dark')
    assert.equal(resolve({ pool: stored({ colorMode: 'dark' }, css) }).colorMode, 'dark')
    const both = `${css}@media (prefers-color-scheme:dark){.background-customizable{background-color:#000}}`
    assert.equal(resolve({ pool: stored({}, both) }).colorMode, 'auto')
    assert.equal(
      resolve({ pool: stored({}, '.background-customizable{background-color:#ffffff80}') }).colorMode,
      'auto',
    )
  })

  it('builds on the shipped theme that is named nearest', () => {
    const both = new Map([
      ['default', shipped({})],
      ['warm', shipped({ radius: '18px' }, '.portico-title{font-weight:700}')],
    ])
    const theme = resolve({ shipped: both, client: stored({ base: 'warm' }) })
    assert.equal(theme.radius, '18px')
    assert.equal(theme.css.shipped, '.portico-title{font-weight:700}')
    assert.throws(() => resolve({ client: stored({ base: 'gone' }) }), /"gone" is not in themes/)
  })
})

describe('theme settings', () => {
  const refused: readonly (readonly [string, unknown])[] = [
    ['an unknown key', { radios: '2px' }],
    ['an unknown colour token', { colors: { light: { grund: '#fff' } } }],
    ['a colour with transparency', { brand: '#ffffff80' }],
    ['a colour that would leave its declaration', { brand: '#fff;}body{display:none' }],
    ['a radius beyond 24 px', { radius: '25px' }],
    ['a length in a unit that follows the window', { radius: '3vw' }],
    ['text under 12 px', { sizes: { 'text-sm': '11px' } }],
    ['controls under 44 px', { sizes: { 'control-height': '40px' } }],
    ['a font from elsewhere', { fontText: 'Comic Sans; src:url(x)' }],
    ['a hue of 360', { hue: 360 }],
    ['a logo without words for those who do not see it', { logo: { asset: ASSET, alt: ' ' } }],
    ['an asset that is not a hash', { favicon: { asset: '../../etc/passwd' } }],
    ['a base that leaves the folder', { base: '../x' }],
  ]
  for (const [what, settings] of refused) {
    it(`refuse ${what}`, () => assert.equal(ThemeSettings.safeParse(settings).success, false))
  }

  it('keep colours in one notation', () => {
    assert.deepEqual(ThemeSettings.parse({ brand: ' #FC0 ', brandDark: 'oklch(0 0 0)' }), {
      brand: '#ffcc00',
      brandDark: '#000000',
    })
  })

  it('survive being stored and read again', () => {
    const settings = ThemeSettings.parse({ hue: 'slate', brand: '#FC0', colors: { dark: { ink: '#EEE' } } })
    assert.deepEqual(ThemeSettings.parse(JSON.parse(JSON.stringify(settings))), settings)
  })
})

describe('the ink of a pool', () => {
  it('is one of twelve, none of them violet, and every one is reached', () => {
    const seen = new Set(Array.from({ length: 500 }, (_, at) => inkOfPool(`eu-local-1_${at}`).name))
    assert.equal(seen.size, 12)
    assert.ok(INKS.every(({ hue }) => hue < 270 || hue > 340))
  })
})
