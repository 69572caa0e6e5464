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

/**
 * The validator's rules for what is wrong in a document, without those of taste: React writes attributes and closes elements
 * in its own manner.
 */
const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  elements: ['html5', { input: { attributes: { passwordrules: {} } } }],
  rules: {
    'no-dup-id': 'error',
    'valid-id': ['error', { relaxed: true }],
    // Non-standard, read by password managers: hosted pages say what a new password needs.
    'no-unknown-attributes': 'off',
    // A form for one field, the password, carries the name for managers, hidden from everybody else.
    'hidden-focusable': 'off',
  },
})

test('every page in every state is valid HTML', async ({ request }) => {
  test.setTimeout(120_000)
  for (const path of FIXTURE_PATHS) {
    const html = await (await request.get(preview.origin + path)).text()
    const { results } = await validator.validateString(html)
    const messages = results.flatMap((result) => result.messages)
    expect(
      messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
      path,
    ).toEqual([])
  }
})

for (const [lang, dir] of [
  ['en-XA', 'ltr'],
  ['ar-XB', 'rtl'],
] as const) {
  test(`nothing is wider than a screen of 320 px in ${lang}, and every page is laid out ${dir}`, async ({
    browser,
  }) => {
    test.setTimeout(180_000)
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    for (const path of FIXTURE_PATHS.filter((each) => !/\/(?:leave|form-post)\//.test(each))) {
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
