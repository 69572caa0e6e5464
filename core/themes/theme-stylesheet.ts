import { createHash } from 'node:crypto'
import { textsOn } from './brand-palette.ts'
import { groundsOf } from './css/grounds.ts'
import { fromHex, toHex, toOklchText } from './oklch.ts'
import { COLOR_TOKENS, type Mode } from './palette.ts'
import type { ResolvedTheme } from './resolve-theme.ts'

/** Order of every layer the pages use, said again here so that it holds whichever sheet the browser reads first. */
const LAYERS = '@layer guard,theme,base,components,utilities,pool,client;'

const SYSTEM_TEXT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif'
const SYSTEM_CODE = 'ui-monospace,"Cascadia Code","SF Mono",Menlo,Consolas,"Liberation Mono",monospace'

const TEXT_STACKS: Record<ResolvedTheme['fontText'], string> = {
  // The fallback is the pages' own: a local face stretched to the same widths, so that nothing moves when the other arrives.
  atkinson: `"Atkinson Hyperlegible Next Variable","Portico Text Fallback",${SYSTEM_TEXT}`,
  system: SYSTEM_TEXT,
  humanist: `Seravek,"Gill Sans Nova",Ubuntu,Calibri,"DejaVu Sans",${SYSTEM_TEXT}`,
  rounded: `ui-rounded,"Hiragino Maru Gothic ProN",Quicksand,Comfortaa,Nunito,"Arial Rounded MT Bold",${SYSTEM_TEXT}`,
  serif: '"Iowan Old Style","Palatino Linotype",Palatino,P052,"Noto Serif",serif',
}
const CODE_STACKS: Record<ResolvedTheme['fontCode'], string> = {
  atkinson: `"Atkinson Hyperlegible Mono Variable",${SYSTEM_CODE}`,
  system: SYSTEM_CODE,
}

/** The 4 px grid in rem, so that it grows with the reader's text size. */
const SPACES_REM = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3]

const SIZES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SPACES_REM.map((rem, at) => [`space-${at + 1}`, `calc(${rem}rem*var(--portico-density))`])),
  'text-sm': '.9375rem',
  'text-base': '1rem',
  'text-lg': '1.0625rem',
  'text-h1': 'clamp(1.75rem,1.35rem + 2vw,2.5rem)',
  // 48 px; never below the 44 px of WCAG 2.2 §2.5.5 however dense.
  'control-height': 'max(2.75rem,calc(3rem*var(--portico-density)))',
  column: '25rem',
}

const declarations = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--portico-${name}:${value}`)
    .join(';')

const seeds = (theme: ResolvedTheme): string =>
  declarations({
    hue: String(Math.round(theme.hue * 10) / 10),
    radius: theme.radius,
    density: String(theme.density),
    'font-text': TEXT_STACKS[theme.fontText],
    'font-code': CODE_STACKS[theme.fontCode],
    // `--portico-rail` is the rail's colour; whether it carries the seal is said by how much of the seal shows.
    'seal-opacity': theme.rail === 'seal' ? '.34' : '0',
    ...SIZES,
    ...theme.sizes,
  })

type Write = (theme: ResolvedTheme, mode: Mode) => string

const hexes: Write = ({ palette, brand }, mode) =>
  declarations({
    brand: brand?.[mode] ?? toHex(palette[mode].rail),
    ...Object.fromEntries(COLOR_TOKENS.map((token) => [token, toHex(palette[mode][token])])),
  })

const oklchs: Write = ({ palette }, mode) =>
  declarations(Object.fromEntries(COLOR_TOKENS.map((token) => [token, toOklchText(palette[mode][token])])))

/** Light unless the system or the page says dark; `data-color-mode` on the root wins over the system. */
const bothModes = (theme: ResolvedTheme, write: Write): string => {
  const dark = write(theme, 'dark')
  return (
    `:root{${write(theme, 'light')}}` +
    `@media (prefers-color-scheme:dark){:root:not([data-color-mode=light]){${dark}}}` +
    `:root[data-color-mode=dark]{${dark}}`
  )
}

/** SHA-256, hex: the name under which anything of a theme is served, for ever. */
export const contentHash = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** A stylesheet's own banner colour with words that can be read on it, in front of the stylesheet. */
const withBanner = (css: string): string => {
  const { banner } = groundsOf(css)
  if (banner === null) return css
  const { full, soft } = textsOn(fromHex(banner))
  const tokens = declarations({ rail: banner, 'on-rail': toHex(full), 'on-rail-soft': toHex(soft) })
  return `.banner-customizable{${tokens}}${css}`
}

export interface ThemeStylesheet {
  css: string
  hash: string
  /** Path below the public origin; immutable. */
  address: string
  /** For `<meta name="theme-color">`: what meets the browser's own edge, rail or page. */
  themeColor: Record<Mode, string>
}

/**
 * Everything a page needs to wear the theme, as one sheet: seeds, derived tokens, then the compiled CSS of the shipped
 * theme, the pool and the client.
 *
 * A custom property takes whatever tokens it is given, so a browser without `oklch()` would not fall back to an earlier
 * declaration: the hexes stand alone and `@supports` adds the finer values over them.
 */
export const themeStylesheet = (theme: ResolvedTheme): ThemeStylesheet => {
  const { shipped, pool, client } = theme.css
  // A layer inside a layer is weaker than what stands beside it: the pool's own CSS wins over its shipped theme's.
  const inPool = (shipped && `@layer shipped{${shipped}}`) + withBanner(pool)
  const css = [
    LAYERS,
    '@layer theme{',
    ':root{color-scheme:light dark}:root[data-color-mode=light]{color-scheme:light}:root[data-color-mode=dark]{color-scheme:dark}',
    `:root{${seeds(theme)}}`,
    bothModes(theme, hexes),
    `@supports (color:oklch(0 0 0)){${bothModes(theme, oklchs)}}`,
    '}',
    inPool && `@layer pool{${inPool}}`,
    client && `@layer client{${withBanner(client)}}`,
  ].join('')
  const hash = contentHash(css)
  const edge = theme.layout === 'hinge' ? 'rail' : 'ground'
  return {
    css,
    hash,
    address: `/_theme/${hash}.css`,
    themeColor: { light: toHex(theme.palette.light[edge]), dark: toHex(theme.palette.dark[edge]) },
  }
}

/** Colours of an e-mail's bar: mail clients know neither custom properties nor `oklch()`. */
export const mailColours = (theme: ResolvedTheme): { rail: string; onRail: string } => ({
  rail: toHex(theme.palette.light.rail),
  onRail: toHex(theme.palette.light['on-rail']),
})
