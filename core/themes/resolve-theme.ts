import { type BrandAdjustment, brandPalette, darkBrandFrom } from './brand-palette.ts'
import { contrast } from './contrast.ts'
import { groundsOf } from './css/grounds.ts'
import { inkByName, inkOfPool } from './ink.ts'
import { fromHex } from './oklch.ts'
import {
  type ColorToken,
  type ContrastFinding,
  contrastFindings,
  type Mode,
  type Palette,
  paletteOfHue,
  withOverrides,
} from './palette.ts'
import type { LoadedTheme, StoredTheme, ThemeLogo, ThemeSettings } from './theme-settings.ts'

/** Every value decided; nothing left to inherit. */
export interface ResolvedTheme {
  base: string
  hue: number
  /** `#rrggbb` for each mode, or null when the hue alone decides. */
  brand: Record<Mode, string> | null
  palette: Record<Mode, Palette>
  radius: string
  density: 0.875 | 1 | 1.125
  fontText: NonNullable<ThemeSettings['fontText']>
  fontCode: NonNullable<ThemeSettings['fontCode']>
  layout: 'hinge' | 'plain' | 'card'
  rail: 'seal' | 'color'
  colorMode: 'auto' | 'light' | 'dark'
  sizes: NonNullable<ThemeSettings['sizes']>
  logo: ThemeLogo | null
  logoDark: ThemeLogo | null
  favicon: { asset: string } | null
  /** Compiled, in the order they apply. */
  css: { shipped: string; pool: string; client: string }
  /** Where the exact brand colour could not be used, and what was. */
  adjustments: BrandAdjustment[]
  /** Pairs that single overrides have pushed below WCAG AA. Derived colours never appear here. */
  findings: ContrastFinding[]
}

export interface ThemeSources {
  poolId: string
  /** The folders of `themes/`, by name; `default` is always among them. */
  shipped: ReadonlyMap<string, LoadedTheme>
  pool: StoredTheme | null
  client: StoredTheme | null
}

/** Hue and brand answer the same question, so the nearest source that says either one decides; brandDark goes with its brand. */
const colourSeeds = (layers: readonly ThemeSettings[]) => {
  const nearest = layers.findLast((layer) => layer.brand !== undefined || layer.hue !== undefined)
  const hue = layers.findLast((layer) => layer.hue !== undefined)?.hue
  const brand = nearest?.brand
  if (brand === undefined) return { hue, brand: null }
  const from = layers.lastIndexOf(nearest as ThemeSettings)
  const brandDark = layers.slice(from).findLast((layer) => layer.brandDark !== undefined)?.brandDark
  return { hue, brand: { light: brand, dark: brandDark ?? darkBrandFrom(brand) } }
}

const mergedColours = (layers: readonly ThemeSettings[], mode: Mode): Partial<Record<ColorToken, string>> =>
  Object.assign({}, ...layers.map((layer) => layer.colors?.[mode] ?? {}))

/**
 * A stylesheet that colours the page, and does not say what changes in the dark, would put light words on its light
 * page at night: such a page stays in the mode its colour belongs to.
 */
const modeOfGround = (css: string, palette: Record<Mode, Palette>): Mode | null => {
  const { page, knowsDark } = groundsOf(css)
  if (page === null || knowsDark) return null
  return contrast(palette.light.ink, page) >= contrast(palette.dark.ink, page) ? 'light' : 'dark'
}

/**
 * The look of a page, value by value: shipped theme → pool → client; the nearest that says something wins.
 *
 * Throws when the base theme is not among the shipped ones: it was checked when it was stored, so it has been deleted
 * from the installation.
 */
export const resolveTheme = ({ poolId, shipped, pool, client }: ThemeSources): ResolvedTheme => {
  const base = client?.settings.base ?? pool?.settings.base ?? 'default'
  const loaded = shipped.get(base)
  if (!loaded) throw new Error(`theme "${base}" is not in themes/`)
  const layers: ThemeSettings[] = [loaded.theme.settings, pool?.settings ?? {}, client?.settings ?? {}]
  const pick = <K extends keyof ThemeSettings>(key: K): ThemeSettings[K] | undefined =>
    layers.findLast((layer) => layer[key] !== undefined)?.[key]

  const seeds = colourSeeds(layers)
  const ink =
    seeds.hue === undefined
      ? inkOfPool(poolId)
      : typeof seeds.hue === 'string'
        ? inkByName(seeds.hue)
        : { hue: seeds.hue, chroma: 1 }

  const adjustments: BrandAdjustment[] = []
  const paletteOf = (mode: Mode): Palette => {
    const overrides = mergedColours(layers, mode)
    if (!seeds.brand) return withOverrides(paletteOfHue(ink.hue, ink.chroma, mode), overrides)
    const solved = brandPalette(seeds.brand[mode], mode)
    adjustments.push(...solved.adjustments)
    return withOverrides(solved.palette, overrides)
  }
  const palette = { light: paletteOf('light'), dark: paletteOf('dark') }

  const colorMode = pick('colorMode') ?? 'auto'
  // A dark logo goes with its logo: a client's own must not give way to the pool's at night.
  const logoAt = layers.findLastIndex((layer) => layer.logo !== undefined)
  const logoDark = layers.slice(Math.max(0, logoAt)).findLast((layer) => layer.logoDark !== undefined)?.logoDark
  return {
    base,
    hue: seeds.brand ? fromHex(seeds.brand.light).h : ink.hue,
    brand: seeds.brand,
    palette,
    radius: pick('radius') ?? '2px',
    density: pick('density') ?? 1,
    fontText: pick('fontText') ?? 'atkinson',
    fontCode: pick('fontCode') ?? 'atkinson',
    layout: pick('layout') ?? 'hinge',
    rail: pick('rail') ?? 'seal',
    colorMode: colorMode === 'auto' ? (modeOfGround(client?.css || pool?.css || '', palette) ?? 'auto') : colorMode,
    sizes: Object.assign({}, ...layers.map((layer) => layer.sizes ?? {})),
    logo: layers[logoAt]?.logo ?? null,
    logoDark: logoDark ?? null,
    favicon: pick('favicon') ?? null,
    css: { shipped: loaded.css, pool: pool?.css ?? '', client: client?.css ?? '' },
    adjustments,
    findings: [...contrastFindings(palette.light, 'light'), ...contrastFindings(palette.dark, 'dark')],
  }
}
