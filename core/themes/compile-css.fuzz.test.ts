/**
 * Random stylesheets, the same ones every time. `PORTICO_FUZZ_CASES=200000` runs more; `PORTICO_FUZZ_SEED` others.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'css-tree'
import { compileCss } from './compile-css.ts'
import { COGNITO_CLASSES, PORTICO_CLASSES } from './css/class-names.ts'

const CASES = Number(process.env.PORTICO_FUZZ_CASES ?? 12_000)
const SEED = Number(process.env.PORTICO_FUZZ_SEED ?? 1)

/** mulberry32: small, fast and the same everywhere. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const CLASSES = [...PORTICO_CLASSES, ...COGNITO_CLASSES]
const SNIPPETS =
  `{ } ( ) [ ] ; : , > + ~ * & / | = ^= "a" 'b' "" " ' \\ \\75 rl( \\0 url( url(x) URL("x") @import @media @font-face @charset @layer ` +
  `/* */ /**/ <!-- --> < </style> ! !important !\\69mportant :not( :has( :is( ::before ::after ::placeholder :hover :FOCUS :root body ` +
  `[dir] [dir=rtl] [value^=a] body[data-page=sign-in] #id #fff #ffff #12 * 1px -1px +.5em 1e9px 50% 0 .5 200ms 5s red transparent ` +
  `inherit none auto solid var(--portico-ink) var(--x) var(--portico-ink,1) --portico-ink --x rgb(1,2,3) rgb(1 2 3/.5) oklch(.5 .1 20) ` +
  `calc(1px+1px) expression(1) attr(x) (min-width:40rem) (prefers-color-scheme:dark) (width>1px) and not only screen U+41 \u00e9 \u202e ` +
  '\u0000 \ufeff \ud83d\ude00 \ud800 %a $b `'
const PROPERTIES =
  'color background background-color border border-color border-radius box-shadow font-size font-weight margin padding width height opacity outline outline-width text-decoration transition content display position --portico-ink --portico-radius line-height letter-spacing max-width gap'.split(
    ' ',
  )
const VALUES =
  'red #fff #12345678 1px 12px 2rem -3px 0 50% 100% .7 400 bold none solid auto center inherit "" "x" transparent var(--portico-action) var(--portico-space-3) rgb(1,2,3) rgb(0 0 0/.4) oklch(.5_.1_20) 1px_solid_red 0_0_4px_#000 color_150ms_ease-in url(x) calc(1px) block underline'
    .split(' ')
    .map((value) => value.replaceAll('_', ' '))

const GOOD =
  'color:red|background-color:#FFF|background:oklch(.5 .1 20 / 50%)|border:1px  solid RED|border-radius:4px 2px|box-shadow:0 0 4px #000,inset 0 1px red|font-size:1.50rem|font-weight:600|margin:0 auto|padding:+4px 1em|width:50.0%|outline:0|outline:2px solid #000|text-decoration:underline dotted 2px|transition:color 150ms ease-in,opacity .1s|line-height:1.5|letter-spacing:-.5px|max-width:30rem|gap:var( --portico-space-3 )|color:rgba(1,2,3,1)|border-color:rgb(0 0 0/.4) hsl(120DEG 10% 10%)|COLOR:CurrentColor|text-align:END|margin-inline:-0px 3px'.split(
    '|',
  )

const generator = (random: () => number) => {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const times = (most: number, make: () => string, glue = ''): string =>
    Array.from({ length: 1 + Math.floor(random() * most) }, make).join(glue)
  const snippets = SNIPPETS.split(' ')

  const selector = (): string =>
    random() < 0.1
      ? pick(snippets)
      : `.${pick(CLASSES)}${random() < 0.3 ? pick([':hover', ':focus', '::before', ':not(.portico-card)', ':FOCUS-VISIBLE']) : ''}`
  const declaration = (): string =>
    random() < 0.95 ? pick(GOOD) : `${pick(PROPERTIES)}:${times(2, () => pick(VALUES), ' ')}`
  const rule = (): string =>
    `${times(2, () => times(2, selector, pick([' ', '>', ' '])), ',')}{${times(3, declaration, ';')}}`
  const sheet = (): string =>
    times(
      3,
      () => (random() < 0.2 ? `@media (min-width:${Math.floor(random() * 90)}rem){${rule()}}` : rule()),
      pick(['', '\n', '/* c */']),
    )

  const mutate = (text: string): string => {
    let changed = text
    for (let edits = Math.floor(random() * 4); edits > 0; edits--) {
      const at = Math.floor(random() * (changed.length + 1))
      const to = at + Math.floor(random() * 6)
      changed =
        random() < 0.5
          ? changed.slice(0, at) + pick(snippets) + changed.slice(at)
          : changed.slice(0, at) + changed.slice(to)
    }
    return changed
  }
  return (): string => {
    const kind = random()
    if (kind < 0.45) return sheet()
    if (kind < 0.85) return mutate(sheet())
    return times(20, () => pick(snippets), pick(['', ' ']))
  }
}

describe('any text at all, given to the compiler of custom CSS', () => {
  it(`never throws, and what comes out is clean and compiles to itself (${CASES} cases, seed ${SEED})`, () => {
    const next = generator(randomFrom(SEED))
    let accepted = 0
    for (let at = 0; at < CASES; at++) {
      const source = next()
      const context = () => `case ${at}: ${JSON.stringify(source)}`
      const result = compileCss(source)
      if (!result.ok) {
        assert.ok(result.rejections.length > 0, context())
        continue
      }
      accepted++
      const { css } = result
      assert.doesNotMatch(css, /url\(|@(?!media)|!|<|\\|expression|\[(?!dir|data-)|\/\*|--(?!portico-)/i, context())
      const again = compileCss(css)
      assert.ok(again.ok, `${context()} → ${css} → ${JSON.stringify(again)}`)
      assert.equal(again.css, css, context())
      // Inside its layer it stays inside: one block, nothing after it.
      const wrapped = parse(`@layer pool{${css}}`, {
        onParseError: (error) => assert.fail(`${error.message} ${context()}`),
      })
      assert.ok(wrapped.type === 'StyleSheet' && wrapped.children.size === 1, context())
    }
    // Were nearly everything refused, the properties above would say little.
    assert.ok(accepted > CASES / 20, `${accepted} accepted`)
  })
})
