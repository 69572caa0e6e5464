import { expect, test } from '@playwright/test'
import { HtmlValidate } from 'html-validate'
import { FIXTURE_PATHS } from '#app/_lib/fixtures.ts'
import { type Preview, startPreview } from '#tests/support/preview.ts'

/** Every page in every state, judged by machines: its HTML, and whether longer words than English fit. */
test.describe.configure({ mode: 'serial' })

let preview: Preview
test.beforeAll(async () => {
  preview = await startPreview()
})
test.afterAll(async () => {
  await preview?.stop()
})

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

const kindOf = (path: string) => path.split('/')[2]

const faultsOf = async (html: string) => {
  const { results } = await validator.validateString(html)
  return results
    .flatMap(({ messages }) => messages)
    .map(({ ruleId, message, selector }) => ({ fault: `${ruleId}: ${message}`, selector }))
}

test('the validator finds what is wrong', async () => {
  const found = await faultsOf(
    '<!doctype html><html lang="en"><head><title>x</title></head><body><p id="a"><div id="a"></p></body></html>',
  )
  expect(found.map(({ fault }) => fault.split(':')[0])).toEqual(expect.arrayContaining(['close-order', 'no-dup-id']))
})

test('every page in every state is valid HTML', async ({ request }) => {
  test.setTimeout(120_000)
  const wrong: Record<string, string[]> = {}
  for (const path of FIXTURE_PATHS) {
    const html = await (await request.get(preview.origin + path)).text()
    for (const { fault, selector } of await faultsOf(html))
      wrong[fault] = [...(wrong[fault] ?? []), `${path} ${selector}`]
  }
  expect(wrong).toEqual({})
})

/** Pages that go on by themselves are left out. */
const STILL = FIXTURE_PATHS.filter((path) => !/\/(?:leave|form-post)\//.test(path))
const oneOfEachKind = STILL.filter(
  (path, index) => STILL.findIndex((other) => kindOf(other) === kindOf(path)) === index,
)

for (const { lang, dir, paths } of [
  { lang: 'en-XA', dir: 'ltr', paths: STILL },
  { lang: 'ar-XB', dir: 'rtl', paths: oneOfEachKind },
]) {
  test(`nothing is wider than a screen of 320 px in ${lang}, and pages are laid out ${dir}`, async ({ browser }) => {
    test.setTimeout(180_000)
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    for (const path of paths) {
      await page.goto(`${preview.origin}${path}?lang=${lang}`)
      const seen = await page.evaluate(() => ({
        lang: document.documentElement.lang,
        dir: getComputedStyle(document.body).direction,
        overflow: document.documentElement.scrollWidth - innerWidth,
      }))
      expect(seen, path).toEqual({ lang, dir, overflow: 0 })
    }
    await context.close()
  })
}
