import { contrast } from './contrast.ts'
import { fromHex, intoGamut, type Oklch, toHex } from './oklch.ts'
import { type Mode, type Palette, paletteOfHue } from './palette.ts'

/** A brand colour and what had to become of it, so that people can be told. */
export interface BrandAdjustment {
  mode: Mode
  token: 'action' | 'link'
  given: string
  used: string
}

const TEXT = 4.5
const SHAPE = 3
/** Lightness steps of the search, OKLCH. Small enough that the result is the nearest passing colour to the eye. */
const STEP = 0.002
/** Chroma from which a brand colour counts as coloured: below, its hue is noise and the palette goes grey. */
const GREY_BELOW = 0.02
/** Chroma of the table's own actions: a brand as strong as this, or stronger, tints the palette fully. */
const FULL_FROM = 0.09

/** The nearest lightness, in either direction, at which the colour passes; the last tried when none does. */
const nearest = (colour: Oklch, passes: (candidate: Oklch) => boolean): Oklch => {
  for (let distance = 0; distance <= 1; distance += STEP) {
    for (const l of [colour.l - distance, colour.l + distance]) {
      if (l < 0 || l > 1) continue
      const candidate = intoGamut({ ...colour, l })
      if (passes(candidate)) return candidate
    }
  }
  return colour
}

/** Light or dark text for a ground we may not change; pure white or black where no tinted one reaches 4.5:1. */
const textOn = (ground: Oklch, h: number): Oklch => {
  const [light, dark] = [intoGamut({ l: 0.965, c: 0.012, h }), intoGamut({ l: 0.2, c: 0.03, h })]
  const better = contrast(light, ground) >= contrast(dark, ground) ? light : dark
  if (contrast(better, ground) >= TEXT) return better
  // White or black always does: the worst ground for both still gives 4.58:1.
  const [white, black] = [
    { l: 1, c: 0, h: 0 },
    { l: 0, c: 0, h: 0 },
  ]
  return contrast(white, ground) >= contrast(black, ground) ? white : black
}

const softTextOn = (ground: Oklch, full: Oklch): Oklch => {
  const goesLighter = full.l > ground.l
  for (let l = goesLighter ? 0.83 : 0.38; l >= 0 && l <= 1; l += goesLighter ? STEP : -STEP) {
    const candidate = intoGamut({ l, c: 0.035, h: full.h })
    if (contrast(candidate, ground) >= TEXT) return candidate
  }
  return full
}

/** Text and soft text for any ground, both at 4.5:1 or more. */
export const textsOn = (ground: Oklch): { full: Oklch; soft: Oklch } => {
  const full = textOn(ground, ground.h)
  return { full, soft: softTextOn(ground, full) }
}

/**
 * Palette of one mode round an exact brand colour.
 *
 * The rail is the brand, untouched. Controls and links keep its hue and move in lightness by the least step that
 * reaches 3:1 against the page (controls) and 4.5:1 for text, on and of the colour (WCAG 2.2 §1.4.3, §1.4.11).
 *
 * @param brand `#rrggbb`
 */
export const brandPalette = (brand: string, mode: Mode): { palette: Palette; adjustments: BrandAdjustment[] } => {
  const exact = fromHex(brand)
  const tint = exact.c < GREY_BELOW ? 0 : Math.min(1, exact.c / FULL_FROM)
  const palette = paletteOfHue(exact.h, tint, mode)
  const grounds = [palette.ground, palette.field]
  const texts = [
    intoGamut({ l: 0.985, c: 0.006 * tint, h: exact.h }),
    intoGamut({ l: 0.2, c: 0.03 * tint, h: exact.h }),
  ]

  const isControl = (colour: Oklch): boolean => grounds.every((ground) => contrast(colour, ground) >= SHAPE)
  const bestText = (colour: Oklch): Oklch =>
    texts.reduce((best, text) => (contrast(text, colour) > contrast(best, colour) ? text : best))

  const action = nearest(exact, (c) => isControl(c) && contrast(bestText(c), c) >= TEXT)
  const onAction = bestText(action)
  const hover =
    [action.l - 0.06, action.l + 0.06]
      .map((l) => intoGamut({ ...action, l }))
      .find((c) => isControl(c) && contrast(onAction, c) >= TEXT) ?? action
  const link = nearest(exact, (c) =>
    [...grounds, palette['danger-ground']].every((ground) => contrast(c, ground) >= TEXT),
  )
  const onRail = textsOn(exact)

  const adjustments = (['action', 'link'] as const)
    .map((token) => ({ mode, token, given: brand, used: toHex(token === 'action' ? action : link) }))
    .filter(({ given, used }) => given !== used)
  return {
    palette: {
      ...palette,
      action,
      'on-action': onAction,
      'action-hover': hover,
      link,
      rail: exact,
      'on-rail': onRail.full,
      'on-rail-soft': onRail.soft,
    },
    adjustments,
  }
}

/** The brand for dark pages when none was given for them: same hue, as deep as the table's dark rail. */
export const darkBrandFrom = (brand: string): string => {
  const { l, c, h } = fromHex(brand)
  return toHex({ l: Math.min(l, 0.32), c: Math.min(c, 0.09), h })
}
