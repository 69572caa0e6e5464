import { z } from 'zod'
import { INKS, type InkName } from './ink.ts'
import { fromOklchText, toHex } from './oklch.ts'
import { COLOR_TOKENS } from './palette.ts'

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i

const normalColour = (text: string): string | null => {
  const trimmed = text.trim()
  if (HEX.test(trimmed)) {
    const lower = trimmed.toLowerCase()
    return lower.length === 7 ? lower : `#${[...lower.slice(1)].map((digit) => digit + digit).join('')}`
  }
  const parsed = fromOklchText(trimmed)
  return parsed && toHex(parsed)
}

/** A colour without transparency, kept as `#rrggbb`: contrast can be computed of nothing less. */
export const Colour = z
  .string()
  .refine((text) => normalColour(text) !== null, 'write a colour as #rrggbb or oklch(L C H)')
  .transform((text) => normalColour(text) ?? '#000000')

/** A length in `px` or `rem` within bounds given in px (1rem = 16px), kept as written. */
const length = (leastPx: number, mostPx: number) =>
  z.string().refine((text) => {
    const found = /^(\d{1,4}(?:\.\d{1,3})?)(px|rem)$/.exec(text)
    if (!found) return text === '0' && leastPx === 0
    const px = Number(found[1]) * (found[2] === 'rem' ? 16 : 1)
    return px >= leastPx && px <= mostPx
  }, `write a length from ${leastPx}px to ${mostPx}px, in px or rem`)

const SPACE = length(0, 96)
const TEXT = length(12, 64)

/** Sizes that may be set singly, `--portico-{name}`. */
const Sizes = z
  .strictObject({
    'space-1': SPACE,
    'space-2': SPACE,
    'space-3': SPACE,
    'space-4': SPACE,
    'space-5': SPACE,
    'space-6': SPACE,
    'space-7': SPACE,
    'space-8': SPACE,
    'text-sm': TEXT,
    'text-base': TEXT,
    'text-lg': TEXT,
    'text-h1': length(20, 64),
    // WCAG 2.2 §2.5.5: 44 px is the enhanced target size.
    'control-height': length(44, 80),
    column: length(256, 640),
  })
  .partial()

/** Fonts every system has or that ship with the product: nothing is fetched from elsewhere. */
export const TEXT_FONTS = ['atkinson', 'system', 'humanist', 'rounded', 'serif'] as const
export const CODE_FONTS = ['atkinson', 'system'] as const

const INK_NAMES = INKS.map((ink) => ink.name) as [InkName, ...InkName[]]
const Colours = z.partialRecord(z.enum(COLOR_TOKENS), Colour)

/** An image that went through the encoder: the SHA-256 of its bytes, hex, and what it says to those who do not see it. */
const Logo = z.strictObject({
  asset: z.string().regex(/^[0-9a-f]{64}$/, 'write the SHA-256 of an uploaded image, 64 hex digits'),
  alt: z.string().trim().min(1).max(120),
})
const Favicon = Logo.omit({ alt: true })

/** The look of a pool or a client, as given: what is absent is inherited. Unknown keys are errors. */
export const ThemeSettings = z
  .strictObject({
    /** Folder below `themes/` that everything else builds on. */
    base: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'write the name of a shipped theme'),
    /** Degrees of OKLCH, or one of the twelve inks. */
    hue: z.union([z.number().min(0).lt(360), z.enum(INK_NAMES)]),
    brand: Colour,
    brandDark: Colour,
    radius: length(0, 24),
    density: z.union([z.literal(0.875), z.literal(1), z.literal(1.125)]),
    fontText: z.enum(TEXT_FONTS),
    fontCode: z.enum(CODE_FONTS),
    layout: z.enum(['hinge', 'plain', 'card']),
    /** What the rail carries besides its colour. */
    rail: z.enum(['seal', 'color']),
    colorMode: z.enum(['auto', 'light', 'dark']),
    /** Single colours, over whatever hue and brand give. */
    colors: z.strictObject({ light: Colours, dark: Colours }).partial(),
    sizes: Sizes,
    logo: Logo,
    logoDark: Logo,
    favicon: Favicon,
  })
  .partial()

export type ThemeSettings = z.infer<typeof ThemeSettings>
export type ThemeLogo = z.infer<typeof Logo>

/** `themes/{name}/theme.json`. */
export const ShippedTheme = z.strictObject({
  name: z.string().min(1).max(40),
  description: z.string().min(1).max(200),
  settings: ThemeSettings.omit({ base: true, logo: true, logoDark: true, favicon: true }),
})
export type ShippedTheme = z.infer<typeof ShippedTheme>

/** A shipped theme with its stylesheet, compiled; empty where it has none. */
export interface LoadedTheme {
  theme: ShippedTheme
  css: string
}

/** The look of a pool or of one client as it is kept. */
export interface StoredTheme {
  settings: ThemeSettings
  /** As the operator wrote it; null: none. */
  cssSource: string | null
  /** As the compiler gave it back; the only form that is served. */
  css: string | null
}
