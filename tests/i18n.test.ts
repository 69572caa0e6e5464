/** The catalogues of the pages: complete in every language, used, and in the tone of the product. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import { translatorOf } from '#app/_lib/i18n.ts'
import { RAILS } from '#app/_lib/rails.ts'
import { STANDARD_ATTRIBUTES } from '#core/pools/pool-settings.ts'
import { FAILURES } from '#core/shared/failures.ts'
import { LOCALES } from '#core/shared/locales.ts'

const ROOT = new URL('..', import.meta.url)

const flatten = (tree: object, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  )
const catalogue = (tag: string) =>
  new Map(flatten(JSON.parse(readFileSync(new URL(`locales/${tag}.json`, ROOT), 'utf8')) as object))

const en = catalogue('en')
const others = LOCALES.filter(({ tag }) => tag !== 'en').map(({ tag }) => ({ tag, texts: catalogue(tag) }))

/** What the parser makes of a sentence, as far as these tests look. */
type Element =
  | { type: typeof LITERAL | typeof ARGUMENT; value: string }
  | { type: typeof SELECT | typeof PLURAL; value: string; options: Record<string, { value: Element[] }> }
const LITERAL = 0
const ARGUMENT = 1
const SELECT = 5
const PLURAL = 6
const ast = (text: string) =>
  new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst() as unknown as Element[]

const branches = (element: Element): Element[][] =>
  'options' in element ? Object.values(element.options).map((option) => option.value) : []

/** `{kind, select, …}` with its options, `{minutes, plural}`, `{app}`: what a translation may not lose or invent. */
const placeholders = (elements: readonly Element[]): string[] =>
  elements.flatMap((element) => {
    const inside = branches(element).flatMap(placeholders)
    if (element.type === SELECT)
      return [`${element.value}: ${Object.keys(element.options).sort().join(' ')}`, ...inside]
    if (element.type === PLURAL) return [`${element.value} #`, ...inside]
    return element.type === ARGUMENT ? [element.value] : []
  })
const signature = (text: string) => [...new Set(placeholders(ast(text)))].sort()

const plurals = (elements: readonly Element[]): string[][] =>
  elements.flatMap((element) => [
    ...(element.type === PLURAL ? [Object.keys(element.options)] : []),
    ...branches(element).flatMap(plurals),
  ])

const sources = (pattern: string) =>
  globSync(pattern, { cwd: ROOT, exclude: ['**/*.test.ts'] }).map((file) => readFileSync(new URL(file, ROOT), 'utf8'))

describe('the languages of the pages', () => {
  for (const { tag, texts } of others) {
    it(`${tag} has the sentences of English, no more and no less`, () => {
      assert.deepEqual([...texts.keys()].sort(), [...en.keys()].sort())
    })
    it(`${tag} has the placeholders of English`, () => {
      for (const [key, text] of en) assert.deepEqual(signature(texts.get(key) ?? ''), signature(text), key)
    })
    it(`${tag} leaves nothing in English`, () => {
      /** The same word in both languages, and patterns without words. */
      const alike = new Set(['page.title', 'attribute.website'])
      const same = [...en].filter(([key, text]) => texts.get(key) === text && !alike.has(key)).map(([key]) => key)
      assert.deepEqual(same, [])
    })
    it(`${tag} keeps its buttons short enough to stay on one line`, () => {
      const long = BUTTONS.filter(
        (key) => (texts.get(key)?.length ?? 0) > Math.max(18, (en.get(key)?.length ?? 0) * 1.6),
      )
      assert.deepEqual(long, [])
    })
  }

  for (const { tag } of LOCALES) {
    it(`${tag} has every plural form that its grammar has`, () => {
      const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
      for (const [key, text] of catalogue(tag))
        for (const given of plurals(ast(text))) assert.deepEqual([...given].sort(), [...forms].sort(), key)
    })
    it(`${tag} has no markup and no braces lost to a quote`, () => {
      for (const [key, text] of catalogue(tag)) {
        assert.doesNotMatch(text, /<[a-z/!]|&[a-z]+;|'\{/i, key)
        assert.equal(text, text.trim(), key)
      }
    })
  }
})

const BUTTONS = [
  ...['signIn.submit', 'signIn.next', 'signUp.submit', 'code.submit', 'code.resend', 'forgotPassword.submit'],
  ...['resetPassword.submit', 'newPassword.submit', 'missingAttributes.submit', 'changePassword.submit'],
  ...['consent.allow', 'page.cancel', 'signOut.submit', 'page.changeLanguage', 'password.showShort', 'page.copy'],
]

describe('the words of failures', () => {
  it('exist for every failure, and no others do', () => {
    const said = new Set<string>(Object.values(FAILURES).map((face) => `message.${face.message}`))
    said.add('message.service.trouble')
    const written = [...en.keys()].filter((key) => key.startsWith('message.'))
    assert.deepEqual(written.sort(), [...said].sort())
  })

  it('keep the tone: whole sentences, two at most, no blame, no begging', () => {
    for (const [key, text] of en) {
      assert.doesNotMatch(text, /\b(?:please|oops|invalid|illegal|forbidden)\b|!/i, key)
      if (!/^(?:message\.service|problem\.unexpected)/.test(key)) assert.doesNotMatch(text, /\bsorry\b/i, key)
      if (!key.startsWith('message.')) continue
      const words = leaves(ast(text))
      for (const sentence of words) {
        assert.match(sentence, /^\P{Ll}.*\.$/su, key)
        if (key !== 'message.service.trouble') assert.ok(sentence.split(/\.\s/).length <= 3, key)
      }
    }
  })
})

/** Every sentence a message can become, placeholders as a letter. */
const leaves = (elements: readonly Element[]): string[] =>
  elements.reduce<string[]>(
    (soFar, element) => {
      const inside = branches(element).flatMap(leaves)
      const next = inside.length > 0 ? inside : [element.type === LITERAL ? element.value : 'X']
      return soFar.flatMap((start) => next.map((end) => start + end))
    },
    [''],
  )

describe('keys', () => {
  it('that the pages name are in the catalogue: a wrong one does not compile', () => {
    const t = translatorOf('en')
    // @ts-expect-error the key is misspelt on purpose: this line failing to fail is what the test is for
    assert.throws(() => assert.ok(t.has('signIn.titel')) || t('signIn.titel'))
    assert.equal(t('signIn.title', { app: 'Shop' }), 'Sign in to Shop')
  })

  it('that journeys name for the rail, for notices and for problems are in the catalogue, and no others are', () => {
    const flows = sources('core/flows/**/*.ts').join('\n')
    const railKeys = Object.values(RAILS).flatMap(([steps]) => steps)
    assert.deepEqual(below('rail'), [...new Set(railKeys)].sort())
    const notices = [...flows.matchAll(/notice: '(\w+)'/g)].map(([, name = '']) => name)
    assert.deepEqual(below('notice'), [...new Set(notices)].sort())
    const problems = sources('{core,server,app}/**/*.{ts,tsx}').flatMap((text) =>
      [...text.matchAll(/\bproblem: '(\w+)'/g)].map(([, name = '']) => name),
    )
    for (const name of problems) assert.ok(en.has(`problem.${name}.title`), name)
  })

  it('are all used', () => {
    const code = sources('app/**/*.{ts,tsx}').join('\n')
    const literals = new Set([...code.matchAll(/'([\w.]+\.\w+)'/g)].map(([, text]) => text))
    const patterns = [...code.matchAll(/`([a-zA-Z]+\.[\w.]*\$\{[^`]*)`/g)].map(
      ([, text = '']) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[\\w.]+')}$`),
    )
    const unused = [...en.keys()].filter((key) => !literals.has(key) && !patterns.some((pattern) => pattern.test(key)))
    assert.deepEqual(unused, [])
  })

  it('name every standard attribute', () => {
    for (const name of STANDARD_ATTRIBUTES) assert.ok(en.has(`attribute.${name}`), name)
  })
})

const below = (group: string) =>
  [...en.keys()]
    .filter((key) => key.startsWith(`${group}.`))
    .map((key) => key.slice(group.length + 1))
    .sort()
