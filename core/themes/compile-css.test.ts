import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { compileCss } from './compile-css.ts'
import { COGNITO_CLASSES, PORTICO_CLASSES } from './css/class-names.ts'

const compiled = (source: string): string => {
  const result = compileCss(source)
  assert.ok(result.ok, JSON.stringify(result, null, 1))
  return result.css
}
const rejected = (source: string) => {
  const result = compileCss(source)
  assert.ok(!result.ok, `accepted: ${JSON.stringify(result)}`)
  return result.rejections
}

describe('a stylesheet written for Cognito’s classic pages', () => {
  const source = readFileSync(new URL('../../tests/fixtures/themes/cognito-classic.css', import.meta.url), 'utf8')

  it('drops in: every class, every documented property', () => {
    const css = compiled(source)
    for (const name of COGNITO_CLASSES) assert.ok(css.includes(`.${name}`), name)
    const count = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').match(/[a-z]:[^{}:]+/g)?.length ?? 0
    assert.ok(css.includes('.inputField-customizable:focus{border-color:#66afe9;outline:0}'))
    assert.ok(
      css.includes('.textDescription-customizable{padding-top:10px;padding-bottom:10px;display:block;font-size:16px}'),
    )
    assert.equal(count(css), count(source))
  })

  it('is told what the pages keep in spite of it: the focus ring, readable text, targets for fingers', () => {
    const result = compileCss(source)
    assert.ok(result.ok)
    assert.deepEqual(
      result.warnings.map(({ line, rule }) => [line, rule]),
      [
        [30, 'raised'],
        [57, 'bounds'],
        [64, 'focus-ring'],
      ],
    )
    assert.ok(result.css.includes('.legalText-customizable{color:#747474;font-size:12px}'))
  })

  it('has all of our class names at hand too', () => {
    for (const name of PORTICO_CLASSES) assert.equal(compiled(`.${name}{color:#123}`), `.${name}{color:#123}`)
  })
})

describe('the compiler of custom CSS', () => {
  const accepted: readonly (readonly [string, string, string])[] = [
    [
      'drops comments and empty rules',
      '/* </style> */ .portico-page{} .portico-title{/*x*/color:red/*y*/}',
      '.portico-title{color:red}',
    ],
    ['forgives a doubled semicolon', '.portico-title{;color:red;;}', '.portico-title{color:red}'],
    ['writes names one way', '.portico-link:HOVER{COLOR:RED}', '.portico-link:hover{color:red}'],
    [
      'joins classes by descendant, child and comma',
      '.portico-page .portico-form>.portico-field , .portico-card{gap:8px}',
      '.portico-page .portico-form>.portico-field,.portico-card{gap:8px}',
    ],
    [
      'knows pages, directions and colour modes',
      'body[data-page="sign-in"] [dir=rtl] .portico-title{text-align:end}:root[data-color-mode=dark] .portico-title{color:#fff}',
      'body[data-page=sign-in] [dir=rtl] .portico-title{text-align:end}:root[data-color-mode=dark] .portico-title{color:#fff}',
    ],
    [
      'takes :not() of classes',
      '.portico-idp:not(.portico-submit):focus-visible{outline-color:#000}',
      '.portico-idp:not(.portico-submit):focus-visible{outline-color:#000}',
    ],
    [
      'takes media queries about the reader and the window',
      '@media screen and (min-width:40rem) and (prefers-color-scheme:dark){.portico-card{padding:2rem}}',
      '@media screen and (min-width:40rem) and (prefers-color-scheme:dark){.portico-card{padding:2rem}}',
    ],
    [
      'lets tokens be used where they fit',
      '.portico-title{color:var(--portico-action);padding-top:var(--portico-space-4)}',
      '.portico-title{color:var(--portico-action);padding-top:var(--portico-space-4)}',
    ],
    [
      'lets tokens be set on :root',
      ':root{--portico-radius:12px;--portico-ground:#fafafa}',
      ':root{--portico-radius:12px;--portico-ground:#fafafa}',
    ],
    [
      'draws ornaments without words',
      '.portico-title::before{content:"";width:8px;background-color:#c00}',
      '.portico-title::before{content:"";width:8px;background-color:#c00}',
    ],
    [
      'knows modern colours',
      '.portico-card{background-color:oklch(.9 .02 80/50%);border:1px solid rgb(0 0 0/.2)}',
      '.portico-card{background-color:oklch(.9 .02 80/50%);border:1px solid rgb(0 0 0/.2)}',
    ],
    [
      'allows short transitions',
      '.portico-submit{transition:background-color 150ms ease-out,color .1s}',
      '.portico-submit{transition:background-color 150ms ease-out,color.1s}',
    ],
  ]
  for (const [what, source, css] of accepted) {
    it(what, () => {
      assert.equal(compiled(source), css.replace('color.1s', 'color .1s'))
      assert.equal(compiled(css.replace('color.1s', 'color .1s')), css.replace('color.1s', 'color .1s'))
    })
  }

  it('says where, which rule, why, and what to write instead', () => {
    const [first, second] = rejected(
      '.portico-title {\n  color: red;\n  position: fixed;\n}\n.portico-titel { color: red }',
    )
    assert.deepEqual(
      { line: first?.line, column: first?.column, rule: first?.rule },
      { line: 3, column: 3, rule: 'property-moves' },
    )
    assert.ok(first?.reason)
    assert.deepEqual(
      { line: second?.line, column: second?.column, rule: second?.rule },
      { line: 5, column: 1, rule: 'selector-class' },
    )
    assert.equal(second?.suggestion, 'did you mean .portico-title?')
  })

  it('reports every finding at once', () => {
    assert.equal(rejected('#a{color:red}.portico-card{float:left;color:transparent}*{gap:0}').length, 4)
  })

  it('stops listing after a hundred', () => {
    assert.equal(rejected(`.portico-card{${'%;'.repeat(20_000)}}`).length, 100)
    assert.equal(rejected(`.portico-card{${'top:0;'.repeat(5_000)}}`).length, 100)
  })

  it('counts lines and columns the same with every kind of line end', () => {
    for (const end of ['\n', '\r\n', '\r', '\f']) {
      const [note] = rejected(`.portico-card{color:red}${end}${end} .portico-card{\\63olor:red}`)
      assert.deepEqual([note?.line, note?.column, note?.rule], [3, 16, 'escape'])
    }
  })

  it('keeps small text away from our own classes, where nothing excuses it', () => {
    assert.equal(rejected('.portico-hint{font-size:11px}')[0]?.rule, 'bounds')
  })
})
