import { contrast } from './contrast.ts'
import { fromHex, intoGamut, type Oklch } from './oklch.ts'

/** Public names, `--portico-{token}`. Removing one needs a major version. */
export const COLOR_TOKENS = [
  'ground',
  'field',
  'ink',
  'ink-soft',
  'line',
  'rule',
  'action',
  'on-action',
  'action-hover',
  'link',
  'signal',
  'rail',
  'on-rail',
  'on-rail-soft',
  'danger',
  'danger-ground',
  'ok',
  'ok-ground',
  'warn',
  'warn-ground',
  'focus-inner',
  'focus-outer',
] as const
export type ColorToken = (typeof COLOR_TOKENS)[number]
export type Mode = 'light' | 'dark'
export type Palette = Record<ColorToken, Oklch>

/** Lightness and chroma, both modes; the pool's hue completes them. */
type Tinted = Exclude<ColorToken, keyof typeof FIXED | 'focus-inner' | 'focus-outer'>
const TINTED: Record<Tinted, Record<Mode, readonly [l: number, c: number]>> = {
  ground: { light: [0.965, 0.009], dark: [0.19, 0.018] },
  field: { light: [0.995, 0.003], dark: [0.235, 0.02] },
  ink: { light: [0.23, 0.03], dark: [0.95, 0.012] },
  'ink-soft': { light: [0.43, 0.03], dark: [0.77, 0.025] },
  line: { light: [0.59, 0.03], dark: [0.6, 0.03] },
  rule: { light: [0.86, 0.015], dark: [0.33, 0.02] },
  action: { light: [0.37, 0.095], dark: [0.82, 0.095] },
  'action-hover': { light: [0.31, 0.085], dark: [0.88, 0.075] },
  'on-action': { light: [0.985, 0.006], dark: [0.2, 0.03] },
  link: { light: [0.37, 0.095], dark: [0.86, 0.08] },
  rail: { light: [0.33, 0.075], dark: [0.27, 0.05] },
  'on-rail': { light: [0.965, 0.012], dark: [0.965, 0.012] },
  'on-rail-soft': { light: [0.83, 0.035], dark: [0.83, 0.035] },
}

/** What means the same in every pool keeps its hue. */
const FIXED = {
  signal: { light: { l: 0.83, c: 0.15, h: 80 }, dark: { l: 0.83, c: 0.15, h: 80 } },
  danger: { light: { l: 0.45, c: 0.17, h: 27 }, dark: { l: 0.83, c: 0.1, h: 27 } },
  'danger-ground': { light: { l: 0.945, c: 0.03, h: 27 }, dark: { l: 0.29, c: 0.06, h: 27 } },
  ok: { light: { l: 0.43, c: 0.11, h: 150 }, dark: { l: 0.84, c: 0.12, h: 150 } },
  'ok-ground': { light: { l: 0.95, c: 0.03, h: 150 }, dark: { l: 0.29, c: 0.05, h: 150 } },
  warn: { light: { l: 0.45, c: 0.1, h: 70 }, dark: { l: 0.85, c: 0.11, h: 80 } },
  'warn-ground': { light: { l: 0.95, c: 0.04, h: 80 }, dark: { l: 0.29, c: 0.05, h: 75 } },
} as const satisfies Partial<Record<ColorToken, Record<Mode, Oklch>>>

/**
 * The whole table for one hue. Lightness is the same for every hue, so contrast is a property of the table and not of
 * the brand; `palette.contrast.test.ts` computes it for all 360 hues.
 *
 * @param hue degrees of OKLCH
 * @param chroma share of the table's chroma, 0–1: slate and grey brands use less
 */
export const paletteOfHue = (hue: number, chroma: number, mode: Mode): Palette => {
  const tinted = (token: Tinted): Oklch => {
    const [l, c] = TINTED[token][mode]
    return intoGamut({ l, c: c * chroma, h: hue })
  }
  const fixed = (token: keyof typeof FIXED): Oklch => intoGamut(FIXED[token][mode])
  return {
    ground: tinted('ground'),
    field: tinted('field'),
    ink: tinted('ink'),
    'ink-soft': tinted('ink-soft'),
    line: tinted('line'),
    rule: tinted('rule'),
    action: tinted('action'),
    'on-action': tinted('on-action'),
    'action-hover': tinted('action-hover'),
    link: tinted('link'),
    signal: fixed('signal'),
    rail: tinted('rail'),
    'on-rail': tinted('on-rail'),
    'on-rail-soft': tinted('on-rail-soft'),
    danger: fixed('danger'),
    'danger-ground': fixed('danger-ground'),
    ok: fixed('ok'),
    'ok-ground': fixed('ok-ground'),
    warn: fixed('warn'),
    'warn-ground': fixed('warn-ground'),
    'focus-inner': tinted('ink'),
    'focus-outer': fixed('signal'),
  }
}

/** Every pair that is text on a ground (4.5:1) or a shape that must be seen (3:1), WCAG 2.2 §1.4.3 and §1.4.11. */
export const CONTRAST_PAIRS: readonly { of: ColorToken; on: ColorToken; least: 3 | 4.5 }[] = [
  { of: 'ink', on: 'ground', least: 4.5 },
  { of: 'ink', on: 'field', least: 4.5 },
  { of: 'ink-soft', on: 'ground', least: 4.5 },
  { of: 'ink-soft', on: 'field', least: 4.5 },
  { of: 'on-action', on: 'action', least: 4.5 },
  { of: 'on-action', on: 'action-hover', least: 4.5 },
  { of: 'link', on: 'ground', least: 4.5 },
  { of: 'link', on: 'field', least: 4.5 },
  { of: 'on-rail', on: 'rail', least: 4.5 },
  { of: 'on-rail-soft', on: 'rail', least: 4.5 },
  { of: 'danger', on: 'ground', least: 4.5 },
  { of: 'danger', on: 'field', least: 4.5 },
  { of: 'danger', on: 'danger-ground', least: 4.5 },
  { of: 'ink', on: 'danger-ground', least: 4.5 },
  { of: 'link', on: 'danger-ground', least: 4.5 },
  { of: 'ok', on: 'ground', least: 4.5 },
  { of: 'ok', on: 'field', least: 4.5 },
  { of: 'ok', on: 'ok-ground', least: 4.5 },
  { of: 'ink', on: 'ok-ground', least: 4.5 },
  { of: 'warn', on: 'ground', least: 4.5 },
  { of: 'warn', on: 'warn-ground', least: 4.5 },
  { of: 'ink', on: 'warn-ground', least: 4.5 },
  { of: 'line', on: 'ground', least: 3 },
  { of: 'line', on: 'field', least: 3 },
  { of: 'action', on: 'ground', least: 3 },
  { of: 'action', on: 'field', least: 3 },
]

export interface ContrastFinding {
  mode: Mode
  of: ColorToken
  on: ColorToken
  ratio: number
  least: number
}

/**
 * The pairs of a palette that fail. Either tone of the focus ring may carry it against the page, so one of the two has
 * to reach 3:1; the rail holds nothing that takes focus.
 */
export const contrastFindings = (palette: Palette, mode: Mode): ContrastFinding[] => {
  const findings = CONTRAST_PAIRS.map(({ of, on, least }) => ({
    mode,
    of,
    on,
    least,
    ratio: contrast(palette[of], palette[on]),
  })).filter(({ ratio, least }) => ratio < least)
  for (const on of ['ground', 'field'] as const) {
    const inner = contrast(palette['focus-inner'], palette[on])
    const outer = contrast(palette['focus-outer'], palette[on])
    const ratio = Math.max(inner, outer)
    if (ratio < 3) findings.push({ mode, of: inner >= outer ? 'focus-inner' : 'focus-outer', on, ratio, least: 3 })
  }
  return findings
}

/** The palette with single tokens replaced by the exact colours an operator gave. */
export const withOverrides = (palette: Palette, overrides: Partial<Record<ColorToken, string>>): Palette => {
  const changed = { ...palette }
  for (const token of COLOR_TOKENS) {
    const given = overrides[token]
    if (given !== undefined) changed[token] = fromHex(given)
  }
  return changed
}
