/** WCAG 2.2 §1.4.3, §1.4.11: no hue, brand or mode may take legibility away. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brandPalette, darkBrandFrom } from './brand-palette.ts'
import { contrast } from './contrast.ts'
import { fromHex, fromOklchText, toHex, toOklchText } from './oklch.ts'
import { type ColorToken, contrastFindings, type Mode, type Palette, paletteOfHue } from './palette.ts'

const MODES: readonly Mode[] = ['light', 'dark']
/** The full table, slate's share, and the grey that a colourless brand gives. */
const CHROMAS = [1, 0.4, 0]

const everyPalette = function* (): Generator<{ at: string; mode: Mode; palette: Palette }> {
  for (const mode of MODES) {
    for (const chroma of CHROMAS) {
      for (let hue = 0; hue < 360; hue++) {
        yield { at: `hue ${hue}, chroma × ${chroma}, ${mode}`, mode, palette: paletteOfHue(hue, chroma, mode) }
      }
    }
  }
}

const lowest = (of: ColorToken, on: readonly ColorToken[], mode: Mode): number => {
  let least = 21
  for (const entry of everyPalette()) {
    if (entry.mode !== mode) continue
    for (const ground of on) least = Math.min(least, contrast(entry.palette[of], entry.palette[ground]))
  }
  return least
}

describe('contrast of the palette, over all 360 hues', () => {
  const floors: readonly { of: ColorToken; on: readonly ColorToken[]; light: number; dark: number }[] = [
    { of: 'ink', on: ['ground'], light: 15, dark: 15 },
    { of: 'ink', on: ['field'], light: 15, dark: 14 },
    { of: 'ink-soft', on: ['ground', 'field'], light: 6.9, dark: 6.9 },
    { of: 'action', on: ['ground', 'field'], light: 8.6, dark: 8.6 },
    { of: 'on-action', on: ['action', 'action-hover'], light: 8.6, dark: 8.6 },
    { of: 'link', on: ['ground', 'field'], light: 8.6, dark: 8.6 },
    { of: 'line', on: ['ground', 'field'], light: 3.6, dark: 3.6 },
    { of: 'on-rail', on: ['rail'], light: 10, dark: 10 },
    { of: 'on-rail-soft', on: ['rail'], light: 6.9, dark: 6.9 },
    { of: 'danger', on: ['ground', 'field', 'danger-ground'], light: 6.5, dark: 6.5 },
  ]
  for (const { of, on, ...floor } of floors) {
    for (const mode of MODES) {
      it(`keeps ${of} on ${on.join(' and ')} at ${floor[mode]}:1 or more, ${mode}`, () => {
        const ratio = lowest(of, on, mode)
        assert.ok(ratio >= floor[mode], `${ratio.toFixed(2)}`)
      })
    }
  }

  it('gives the focus ring one tone that stands out: ink in light (15:1), amber in dark (10.7:1)', () => {
    assert.ok(lowest('focus-inner', ['ground'], 'light') >= 15)
    assert.ok(lowest('focus-outer', ['ground'], 'dark') >= 10.69)
  })

  it('finds no failing pair anywhere in the table', () => {
    for (const { at, mode, palette } of everyPalette()) assert.deepEqual(contrastFindings(palette, mode), [], at)
  })
})

describe('contrast round an exact brand colour', () => {
  /** A grid over the whole sRGB cube, corners included, and colours that brands really have. */
  const brands = ['#ffcc00', '#ffff00', '#00ff00', '#808080', '#777777', '#ff0000', '#0000ff', '#e4002b', '#f5f5dc']
  for (let r = 0; r < 256; r += 51)
    for (let g = 0; g < 256; g += 51)
      for (let b = 0; b < 256; b += 51)
        brands.push(`#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`)

  it('keeps the brand exact on the rail and passes AA everywhere, whatever the colour', () => {
    for (const mode of MODES) {
      for (const brand of brands) {
        const { palette } = brandPalette(brand, mode)
        assert.equal(toHex(palette.rail), brand)
        assert.deepEqual(contrastFindings(palette, mode), [], `${brand}, ${mode}`)
      }
    }
  })

  it('moves only lightness for controls and links: the hue stays the brand’s', () => {
    const { palette, adjustments } = brandPalette('#ffcc00', 'light')
    const given = fromHex('#ffcc00')
    for (const token of ['action', 'link'] as const) {
      assert.ok(Math.abs(palette[token].h - given.h) < 0.01)
      assert.ok(palette[token].l < given.l)
    }
    assert.deepEqual(
      adjustments.map(({ token, given: was }) => [token, was]),
      [
        ['action', '#ffcc00'],
        ['link', '#ffcc00'],
      ],
    )
  })

  it('leaves a brand alone that already passes', () => {
    const { palette, adjustments } = brandPalette('#0b3d91', 'light')
    assert.deepEqual(adjustments, [])
    assert.equal(toHex(palette.action), '#0b3d91')
    assert.equal(toHex(palette.link), '#0b3d91')
  })

  it('derives a deep dark brand of the same hue', () => {
    const dark = fromHex(darkBrandFrom('#ffcc00'))
    assert.ok(dark.l <= 0.33)
    assert.ok(Math.abs(dark.h - fromHex('#ffcc00').h) < 4)
  })
})

describe('colours', () => {
  it('survive the way from hex through OKLCH and back', () => {
    for (const hex of ['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#123456', '#8a6a00']) {
      assert.equal(toHex(fromHex(hex)), hex)
    }
  })

  it('agree with CSS Color 4 on a published value', () => {
    // CSS Color 4 §10: red is oklch(0.62796 0.25768 29.234).
    const red = fromHex('#f00')
    assert.ok(
      Math.abs(red.l - 0.62796) < 0.0001 && Math.abs(red.c - 0.25768) < 0.0001 && Math.abs(red.h - 29.234) < 0.01,
    )
  })

  it('say the same in both notations to within a step of eight bits', () => {
    for (const { palette } of everyPalette()) {
      const reread = fromOklchText(toOklchText(palette.action))
      assert.ok(reread)
      assert.ok(contrast(toHex(reread), toHex(palette.action)) < 1.02)
    }
  })

  it('keep their lightness when brought into gamut', () => {
    const wild = fromHex(toHex({ l: 0.5, c: 0.4, h: 150 }))
    assert.ok(Math.abs(wild.l - 0.5) < 0.004)
  })
})
