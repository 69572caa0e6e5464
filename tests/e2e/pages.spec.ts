import { readFileSync, statSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { FIXTURE_PATHS } from '#app/_lib/fixtures.ts'
import { type Preview, startPreview } from '#tests/support/preview.ts'

/** Every hosted page in every state: what all of them must have, whatever they say. */
test.describe.configure({ mode: 'serial' })

let preview: Preview
test.beforeAll(async () => {
  preview = await startPreview()
})
test.afterAll(async () => {
  await preview?.stop()
})

/** Pages that go on by themselves are looked at before they do. */
const STILL = FIXTURE_PATHS.filter((path) => !/\/(?:leave|form-post)\//.test(path))

const kilobytes = (content: string | Buffer) => brotliCompressSync(content).length / 1024

const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = []
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}

/** Runs in the page. Answers with what is wrong with it, in words. */
const faults = (): string[] => {
  const wrong: string[] = []
  const check = (isRight: boolean, text: string) => {
    if (!isRight) wrong.push(text)
  }
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
  const ids = all('[id]').map(({ id }) => id)
  check(all('h1').length === 1, 'one h1')
  check(ids.length === new Set(ids).size, 'ids are unique')
  check(all('[style]').length === 0, 'no style attribute')
  check(document.documentElement.scrollWidth <= innerWidth, 'nothing wider than the screen')
  check(
    all('.portico-host').every((host) => host.textContent.endsWith('.example')),
    'the end of the host name',
  )

  const summary = document.querySelector('.portico-summary')
  check(
    (summary !== null) === /^(?:Error|Fehler|خطأ):/.test(document.title),
    'the title says whether there is an error',
  )
  if (summary) {
    check(document.activeElement === summary, 'the summary has the focus')
    check(all('.portico-summary ~ h1').length === 1, 'the summary stands above the heading')
    for (const link of summary.querySelectorAll('a')) {
      check(document.getElementById(link.hash.slice(1)) !== null, 'the summary links to a field')
    }
  }
  for (const form of all('form') as HTMLFormElement[]) {
    check(form.method === 'post' && form.noValidate, 'forms post, and leave judging to the server')
  }
  for (const input of all('input:not([type=hidden]), select') as HTMLInputElement[]) {
    const label = (input.labels?.length ?? 0) > 0
    check(label || input.getAttribute('aria-hidden') === 'true', `a label for ${input.name}`)
    check(!input.placeholder, 'no placeholder')
    const described = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
    check(
      described.every((id) => document.getElementById(id) !== null),
      `descriptions of ${input.name} exist`,
    )
    const invalid = input.getAttribute('aria-invalid')
    check(invalid === null || invalid === 'true', 'aria-invalid is true or absent')
    if (invalid && described.length > 0) {
      const beside = document.getElementById(described.at(-1) ?? '')?.textContent
      check(summary?.textContent?.includes(beside ?? '?') === true, 'the same words in the summary and by the field')
    }
    const size = input.getBoundingClientRect()
    const isText = !['checkbox'].includes(input.type) && input.getAttribute('aria-hidden') !== 'true'
    check(!isText || size.height >= 44, `${input.name} is tall enough`)
    check(!isText || Number.parseFloat(getComputedStyle(input).fontSize) >= 15, `${input.name} is large enough`)
  }
  for (const target of all('[src], link[href]')) {
    const address = target.getAttribute('src') ?? target.getAttribute('href') ?? ''
    check(address.startsWith('/'), `${address} is ours`)
  }
  return wrong
}

for (const { lang, width, colorScheme } of [
  { lang: 'en', width: 1280, colorScheme: 'light' },
  { lang: 'ar', width: 320, colorScheme: 'dark' },
] as const) {
  test(`every page in every state is sound in ${lang} at ${width} px, and breaks no rule of its headers`, async ({
    browser,
  }) => {
    test.setTimeout(300_000)
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    for (const path of STILL) {
      await page.goto(`${preview.origin}${path}?lang=${lang}`)
      // The browser moves the focus with a frame of its own, after `load`.
      await expect.poll(() => page.evaluate(faults), `${path} ${lang}`).toEqual([])
      expect(await page.locator('html').getAttribute('lang')).toBe(lang)
      expect(complaints, path).toEqual([])
    }
    await context.close()
  })
}

test('axe finds nothing on any page, fresh and with an error, in light and dark, in both directions', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const looks = [
    { colorScheme: 'light', lang: 'en', width: 1280 },
    { colorScheme: 'dark', lang: 'ar', width: 360 },
  ] as const
  const two = new Map<string, string[]>()
  for (const path of STILL) {
    const kind = path.split('/')[2] ?? ''
    const known = two.get(kind) ?? []
    if (known.length === 0 || (known.length === 1 && /error|wrong|spent|rules/.test(path)))
      two.set(kind, [...known, path])
  }
  for (const [index, path] of [...two.values()].flat().entries()) {
    const { colorScheme, lang, width } = looks[index % 2 === 0 ? 0 : 1]
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.goto(`${preview.origin}${path}?lang=${lang}`)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      path,
    ).toEqual([])
    await context.close()
  }
})

test('pages stay within their budgets: HTML, styles, script, typeface, and no framework script', async ({
  request,
}) => {
  const heaviest = Math.max(
    ...(await Promise.all(
      FIXTURE_PATHS.map(async (path) => kilobytes(await (await request.get(preview.origin + path)).text())),
    )),
  )
  expect(heaviest).toBeLessThanOrEqual(8)
  const html = await (await request.get(`${preview.origin}/preview/sign-in/fresh`)).text()
  expect(html.match(/<script/g)).toHaveLength(1)
  const manifest = JSON.parse(readFileSync('public/assets/manifest.json', 'utf8')) as Record<string, string>
  const file = (name: string) => `public${manifest[name]}`
  expect(kilobytes(readFileSync(file('portico.css')))).toBeLessThanOrEqual(10)
  const scripts = ['portico.js', 'passkeys.js'].map((name) => kilobytes(readFileSync(file(name))))
  expect(scripts.reduce((all, one) => all + one)).toBeLessThanOrEqual(12)
  expect(statSync(file('atkinson-hyperlegible-next-latin-wght-normal.woff2')).size).toBeLessThanOrEqual(35 * 1024)
})

test('Cognito’s names sit on the sign-in page, each once, and its classes on the matching elements', async ({
  page,
}) => {
  await page.goto(`${preview.origin}/preview/sign-in/form-error`)
  for (const selector of [
    '#signInFormUsername[name=username]',
    '#signInFormPassword[name=password]',
    'button[name=signInSubmitButton]',
  ]) {
    await expect(page.locator(selector)).toHaveCount(1)
  }
  for (const [name, selector] of Object.entries({
    'background-customizable': 'body',
    'banner-customizable': 'header',
    'label-customizable': 'label',
    'inputField-customizable': '#signInFormPassword',
    'submitButton-customizable': 'button[name=signInSubmitButton]',
    'legalText-customizable': 'footer',
    'errorMessage-customizable': '[role=alert]',
    'redirect-customizable': 'p',
  })) {
    expect(await page.locator(`${selector}.${name}`).count(), name).toBeGreaterThan(0)
  }
  // A stylesheet's size for a logo is not one for the seal that stands in its place.
  await expect(page.locator('header svg.portico-mark')).toHaveCount(1)
  await expect(page.locator('.logo-customizable')).toHaveCount(0)
  await page.goto(`${preview.origin}/preview/sign-in/logo`)
  await expect(page.locator('header img.logo-customizable')).toHaveCount(1)
  await page.goto(`${preview.origin}/preview/new-password/rules`)
  await expect(page.locator('p.textDescription-customizable')).toHaveCount(1)
  await expect(page.locator('li.passwordCheck-notValid-customizable')).toHaveCount(5)
})

test('fields carry what browsers and password managers look for', async ({ page }) => {
  const attributes = async (path: string, name: string, wanted: Record<string, string>) => {
    await page.goto(`${preview.origin}/preview/${path}`)
    const field = page.locator(`[name="${name}"]`)
    for (const [attribute, value] of Object.entries(wanted)) await expect(field).toHaveAttribute(attribute, value)
  }
  await attributes('sign-in/fresh', 'username', {
    type: 'email',
    autocomplete: 'username webauthn',
    inputmode: 'email',
    autocapitalize: 'none',
    spellcheck: 'false',
    dir: 'ltr',
  })
  await attributes('sign-in/phone', 'username', {
    type: 'text',
    inputmode: 'tel',
    autocomplete: 'username webauthn',
  })
  await attributes('sign-in/many-names', 'username', { type: 'text', autocomplete: 'username webauthn' })
  await attributes('sign-in/fresh', 'password', {
    type: 'password',
    autocomplete: 'current-password',
    enterkeyhint: 'go',
  })
  await attributes('sign-up/rules', 'password', {
    autocomplete: 'new-password',
    passwordrules:
      'minlength: 8; required: upper; required: lower; required: digit; required: special; allowed: ascii-printable;',
  })
  await attributes('confirm-sign-up/fresh', 'code', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    pattern: '[0-9\\s\\-]*',
    dir: 'ltr',
  })
  await attributes('password/fresh', 'username', {
    autocomplete: 'username',
    readonly: '',
    tabindex: '-1',
    'aria-hidden': 'true',
    value: 'ines@example.com',
  })
  await attributes('missing-attributes/fresh', 'birthdate.year', { autocomplete: 'bday-year', inputmode: 'numeric' })
  await expect(page.locator('[maxlength]')).toHaveCount(0)
})
