/** Front room of themes: what a pool's pages look like, decided without touching the outside. */
export type { BrandAdjustment } from './brand-palette.ts'
export { type CompiledCss, compileCss, MAX_CSS_BYTES } from './compile-css.ts'
export { contrast } from './contrast.ts'
export { COGNITO_CLASSES, PORTICO_CLASSES } from './css/class-names.ts'
export type { CssNote, CssRule } from './css/css-note.ts'
export { INKS, type Ink, type InkName, inkOfPool } from './ink.ts'
export { keepThemes, type ThemeKeeper } from './keep-themes.ts'
export { COLOR_TOKENS, type ColorToken, type ContrastFinding, contrastFindings, type Mode } from './palette.ts'
export { type ResolvedTheme, resolveTheme, type ThemeSources } from './resolve-theme.ts'
export { sealFigure, sealMark } from './seal.ts'
export {
  type LoadedTheme,
  ShippedTheme,
  type StoredTheme,
  type ThemeLogo,
  ThemeSettings,
} from './theme-settings.ts'
export { contentHash, mailColours, type ThemeStylesheet, themeStylesheet } from './theme-stylesheet.ts'
