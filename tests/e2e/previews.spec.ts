import { readFileSync, statSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { HtmlValidate } from 'html-validate'
import { FIXTURE_PATHS } from '#app/_lib/fixtures.ts'
import { faultsOf } from '#tests/support/page-rules.ts'
import { expect, test } from './journey.ts'

/** Every page in every state, judged by its HTML alone. In one worker, which asks for each page once. */
test.describe.configure({ mode: 'default' })

/** What HTML and its accessibility rules forbid, without rules of taste. `passwordrules` is no HTML yet; managers read it. */
const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  elements: [
    'html5',
    {
      input: { attributes: { passwordrules: {} } },
      // HTML's own, which the validator does not know: a colour per mode, and what SVG brings along.
      meta: { attributes: { media: {} } },
      svg: { attributes: { viewbox: {}, 'shape-rendering': {} } },
    },
  ],
  rules: { 'no-unknown-attributes': 'error', 'valid-id': ['error', { relaxed: true }] },
})

const invalidIn = async (html: string) => {
  const { results } = await validator.validateString(html)
  return results
    .flatMap(({ messages }) => messages)
    .map(({ ruleId, message, selector }) => ({ fault: `${ruleId}: ${message}`, selector }))
}

const asked = new Map<string, Promise<string>>()
const htmlOf = (preview: string, path: string, lang: string): Promise<string> => {
  const url = `${preview}${path}?lang=${lang}`
  const known = asked.get(url) ?? fetch(url).then((answer) => answer.text())
  asked.set(url, known)
  return known
}

test('the validator finds what is wrong', async () => {
  const found = await invalidIn(
    '<!doctype html><html lang="en"><head><title>x</title></head><body><p id="a"><div id="a"></p></body></html>',
  )
  expect(found.map(({ fault }) => fault.split(':')[0])).toEqual(expect.arrayContaining(['close-order', 'no-dup-id']))
})

test('every page in every state is valid HTML', async ({ portico }) => {
  test.setTimeout(120_000)
  const wrong: Record<string, string[]> = {}
  for (const path of FIXTURE_PATHS) {
    for (const { fault, selector } of await invalidIn(await htmlOf(portico.preview, path, 'en')))
      wrong[fault] = [...(wrong[fault] ?? []), `${path} ${selector}`]
  }
  expect(wrong).toEqual({})
})

for (const lang of ['en', 'ar']) {
  test(`every page in every state has a heading, labels and one way to tell of errors, in ${lang}`, async ({
    portico,
  }) => {
    const wrong: Record<string, string[]> = {}
    for (const path of FIXTURE_PATHS) {
      const faults = faultsOf(await htmlOf(portico.preview, path, lang), lang)
      if (faults.length > 0) wrong[path] = faults
    }
    expect(wrong).toEqual({})
  })
}

const kilobytes = (content: string | Buffer) => brotliCompressSync(content).length / 1024

test('pages stay within their budgets: HTML, styles, script, typeface, and no framework script', async ({
  portico,
}) => {
  const pages = await Promise.all(FIXTURE_PATHS.map((path) => htmlOf(portico.preview, path, 'en')))
  expect(Math.max(...pages.map(kilobytes))).toBeLessThanOrEqual(8)
  const html = await htmlOf(portico.preview, '/preview/sign-in/fresh', 'en')
  expect(html.match(/<script/g)).toHaveLength(1)
  const manifest = JSON.parse(readFileSync('public/assets/manifest.json', 'utf8')) as Record<string, string>
  const file = (name: string) => `public${manifest[name]}`
  expect(kilobytes(readFileSync(file('portico.css')))).toBeLessThanOrEqual(10)
  const scripts = ['portico.js', 'passkeys.js'].map((name) => kilobytes(readFileSync(file(name))))
  expect(scripts.reduce((all, one) => all + one)).toBeLessThanOrEqual(12)
  expect(statSync(file('atkinson-hyperlegible-next-latin-wght-normal.woff2')).size).toBeLessThanOrEqual(35 * 1024)
})
