import { COLOR_TOKENS, type ColorToken } from '../palette.ts'
import { type CssProblem, problem } from './css-note.ts'
import { colour, type Grammar, length, number, one } from './values.ts'

/** Colours whose legibility nothing else protects: they are set in the settings, where contrast is computed. */
const GUARDED: ReadonlySet<ColorToken> = new Set<ColorToken>(['signal', 'focus-inner', 'focus-outer'])

const px = (least: number, most: number): Grammar => one(length({ least, most, units: ['px', 'rem'] }))

/** Tokens a stylesheet may set on `:root`, with what fits them. */
const TOKENS: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ...COLOR_TOKENS.filter((name) => !GUARDED.has(name)).map((name): [string, Grammar] => [
    name,
    one(colour({ opaque: true })),
  ]),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((step): [string, Grammar] => [`space-${step}`, px(0, 96)]),
  ['text-sm', px(12, 64)],
  ['text-base', px(12, 64)],
  ['text-lg', px(12, 64)],
  ['text-h1', px(20, 64)],
  ['control-height', px(44, 80)],
  ['column', px(256, 640)],
  ['radius', px(0, 24)],
  ['density', one(number(0.875, 1.125))],
  ['seal-opacity', one(number(0, 0.34))],
])

/** How the value of `--portico-{…}` is checked, or why it may not be set here. */
export const tokenRule = (property: string, isRoot: boolean): { grammar: Grammar } | { refused: CssProblem } => {
  if (!property.startsWith('--portico-')) {
    return { refused: problem('variable', 'only --portico-… tokens may be set', 'write the value where it is used') }
  }
  if (!isRoot) return { refused: problem('token', 'tokens are set on :root', 'move it into :root { … }') }
  const grammar = TOKENS.get(property.slice('--portico-'.length))
  return grammar
    ? { grammar }
    : { refused: problem('token', `"${property}" is not set by a stylesheet`, 'set it in the theme’s settings') }
}
