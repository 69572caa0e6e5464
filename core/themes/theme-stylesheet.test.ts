import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { parse } from 'css-tree'
import { resolveTheme } from './resolve-theme.ts'
import { ShippedTheme, ThemeSettings } from './theme-settings.ts'
import { mailColours, themeStylesheet } from './theme-stylesheet.ts'

const resolved = (settings: unknown, css: { shipped?: string; pool?: string; client?: string } = {}) =>
  resolveTheme({
    poolId: 'eu-local-1_AbCdEfGhI',
    shipped: new Map([
      ['default', { theme: ShippedTheme.parse({ name: 'A', description: 'B', settings: {} }), css: css.shipped ?? '' }],
    ]),
    pool: { settings: ThemeSettings.parse(settings), cssSource: null, css: css.pool ?? null },
    client: css.client === undefined ? null : { settings: {}, cssSource: null, css: css.client },
  })

describe('the theme’s stylesheet', () => {
  it('is served under the hash of its content: same theme, same address; other theme, other address', () => {
    const one = themeStylesheet(resolved({ hue: 250 }))
    assert.match(one.address, /^\/_theme\/[0-9a-f]{64}\.css$/)
    assert.equal(one.address, themeStylesheet(resolved({ hue: 250 })).address)
    assert.notEqual(one.address, themeStylesheet(resolved({ hue: 251 })).address)
  })

  it('sets every public token, in light, in dark by the system and in dark by the page', () => {
    const { css } = themeStylesheet(resolved({}))
    const tokens =
      'hue brand radius density font-text font-code ground field ink ink-soft line rule action on-action action-hover link signal rail on-rail on-rail-soft danger danger-ground ok ok-ground warn warn-ground focus-inner focus-outer space-1 space-8 text-sm text-base text-lg text-h1 control-height column'
    for (const token of tokens.split(' ')) assert.ok(css.includes(`--portico-${token}:`), token)
    assert.equal(css.match(/--portico-ground:#/g)?.length, 3)
    assert.equal(css.match(/--portico-ground:oklch/g)?.length, 3)
    assert.ok(css.includes('@media (prefers-color-scheme:dark){:root:not([data-color-mode=light]){'))
    assert.ok(css.includes(':root[data-color-mode=dark]{'))
  })

  it('gives browsers without oklch() the hexes, and keeps oklch() behind @supports', () => {
    const { css } = themeStylesheet(resolved({}))
    const [before = ''] = css.split('@supports (color:oklch(0 0 0))')
    assert.ok(!before.includes('oklch('))
  })

  it('lays the shipped theme’s CSS under the pool’s and the pool’s under the client’s', () => {
    const { css } = themeStylesheet(resolved({}, { shipped: '.a{}', pool: '.b{}', client: '.c{}' }))
    assert.ok(css.startsWith('@layer guard,theme,base,components,utilities,pool,client;'))
    assert.ok(css.endsWith('@layer pool{@layer shipped{.a{}}.b{}}@layer client{.c{}}'))
  })

  it('puts readable words on a banner that a stylesheet coloured, however it wrote the colour', () => {
    for (const [written, hex, words] of [
      ['lightgray', '#d3d3d3', /on-rail:#[0-3]/],
      ['#FFF', '#ffffff', /on-rail:#[0-3]/],
      ['rgb(10 20 30)', '#0a141e', /on-rail:#[e-f]/],
    ] as const) {
      const { css } = themeStylesheet(resolved({}, { client: `.banner-customizable{background-color:${written}}` }))
      const [, inClient = ''] = css.split('@layer client{')
      assert.ok(inClient.startsWith(`.banner-customizable{--portico-rail:${hex};--portico-on-rail:`), inClient)
      assert.match(inClient, words)
    }
    assert.ok(
      !themeStylesheet(resolved({}, { client: '.banner-customizable{padding:4px}' })).css.includes('{--portico-rail:#'),
    )
  })

  it('is CSS that parses, and weighs under 6 KB', () => {
    const { css } = themeStylesheet(resolved({ brand: '#ffcc00', fontText: 'rounded', sizes: { column: '28rem' } }))
    parse(css, { onParseError: (error) => assert.fail(error.message) })
    const bytes = brotliCompressSync(css).length
    assert.ok(bytes <= 6 * 1024, `${bytes} bytes`)
  })

  it('says which colour meets the browser’s edge, and which colours an e-mail’s bar has', () => {
    const hinge = resolved({ brand: '#ffcc00', layout: 'hinge' })
    assert.equal(themeStylesheet(hinge).themeColor.light, '#ffcc00')
    assert.notEqual(themeStylesheet(resolved({ brand: '#ffcc00', layout: 'card' })).themeColor.light, '#ffcc00')
    assert.deepEqual(mailColours(hinge).rail, '#ffcc00')
    assert.match(mailColours(hinge).onRail, /^#[0-9a-f]{6}$/)
  })
})
