/**
 * OKLCH ↔ sRGB, and the way into the sRGB gamut.
 *
 * Written here and not taken from a package: it is forty lines of published matrices (B. Ottosson, "A perceptual
 * color space for image processing", 2020; CSS Color 4 §10), colour packages weigh fifty to a hundred times that,
 * and the one thing we depend on (lightness never moves while a colour is brought into gamut, so that contrast
 * computed from the table holds) is exactly where they differ from each other.
 */

/** `l` 0–1, `c` 0–≈0.37 within sRGB, `h` degrees. */
export interface Oklch {
  l: number
  c: number
  h: number
}

/** Gamma-encoded channels, 0–1. */
export type Srgb = readonly [number, number, number]

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const toGamma = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)

/** Linear-light channels; outside 0–1 when the colour is outside sRGB. */
const linearOf = ({ l, c, h }: Oklch): Srgb => {
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
}

/** A ten-thousandth of a channel: well under half a step of eight bits. */
const SLACK = 0.0001
const fits = (linear: Srgb): boolean => linear.every((v) => v >= -SLACK && v <= 1 + SLACK)

/** The same lightness and hue with the most chroma, up to the asked, that sRGB can show. */
export const intoGamut = (colour: Oklch): Oklch => {
  const l = Math.min(1, Math.max(0, colour.l))
  if (fits(linearOf({ ...colour, l }))) return { ...colour, l }
  let low = 0
  let high = colour.c
  while (high - low > 0.0002) {
    const c = (low + high) / 2
    if (fits(linearOf({ l, c, h: colour.h }))) low = c
    else high = c
  }
  return { l, c: low, h: colour.h }
}

export const toSrgb = (colour: Oklch): Srgb => {
  const [r, g, b] = linearOf(intoGamut(colour))
  const channel = (v: number): number => toGamma(Math.min(1, Math.max(0, v)))
  return [channel(r), channel(g), channel(b)]
}

export const fromSrgb = ([red, green, blue]: Srgb): Oklch => {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)]
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
  const bb = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
  const c = Math.hypot(a, bb)
  return {
    l: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    c,
    // Greys have no hue; 0 keeps the text form stable.
    h: c < 0.0005 ? 0 : ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360,
  }
}

/** `#rrggbb`. */
export const toHex = (colour: Oklch): string =>
  `#${toSrgb(colour)
    .map((v) =>
      Math.round(v * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** Of `#rgb` or `#rrggbb`; what it is given has been through the schema's pattern. */
export const fromHex = (hex: string): Oklch => {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((d) => d + d).join('') : hex.slice(1)
  const channel = (at: number): number => Number.parseInt(digits.slice(at, at + 2), 16) / 255
  return fromSrgb([channel(0), channel(2), channel(4)])
}

const short = (value: number, places: number): string => String(Number(value.toFixed(places))).replace(/^0\./, '.')

/** CSS text of the gamut-mapped colour: `oklch(.37 .095 250)`. */
export const toOklchText = (colour: Oklch): string => {
  const { l, c, h } = intoGamut(colour)
  return `oklch(${short(l, 4)} ${short(c, 4)} ${short(h, 2)})`
}

/** Of `oklch(L C H)` with plain numbers, or null. */
export const fromOklchText = (text: string): Oklch | null => {
  const found = /^oklch\(\s*(\d?\.?\d+)\s+(\d?\.?\d+)\s+(\d{1,3}(?:\.\d+)?)\s*\)$/.exec(text)
  if (!found) return null
  const [l, c, h] = [Number(found[1]), Number(found[2]), Number(found[3])]
  return l <= 1 && c <= 0.5 && h <= 360 ? { l, c, h } : null
}
