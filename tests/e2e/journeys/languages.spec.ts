import { codeIn } from '#tests/support/inbox.ts'
import { signIn } from '#tests/support/screens/account.ts'
import { onPage, press } from '#tests/support/screens/hosted-page.ts'
import { chooseLanguage } from '#tests/support/screens/language.ts'
import { expect, test } from '../journey.ts'

test('the language changes on the page, keeps what was typed but the password, and the mail speaks it too', async ({
  page,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const { enter, arrive } = await front()
  const attempt = await enter(page, { prompt: 'create' })
  await onPage(page, 'Create an account')
  await page.getByLabel('Email address').fill(stranger.email)
  await page.getByLabel('Password', { exact: true }).fill('typed before')
  await chooseLanguage(page, { label: 'Language', tag: 'de', button: 'Change', hasScript })
  await onPage(page, 'Konto erstellen')
  await expect(page.getByLabel('E-Mail-Adresse')).toHaveValue(stranger.email)
  await expect(page.getByLabel('Passwort', { exact: true })).toHaveValue('')

  await chooseLanguage(page, { label: 'Sprache', tag: 'ar', button: 'Ändern', hasScript })
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.locator('input[name=username]')).toHaveValue(stranger.email)
  await expect(page.locator('input[name=username]')).toHaveAttribute('dir', 'ltr')
  const [rail, main] = [await page.getByRole('banner').boundingBox(), await page.getByRole('main').boundingBox()]
  expect(rail?.x ?? 0).toBeGreaterThan(main?.x ?? 0)

  await page.locator('input[name=password]').fill(stranger.password)
  await page.locator('form button[type=submit]').first().click()
  await expect(page.locator('input[name=code]')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  const mail = await inbox.latest(stranger.email)
  expect(mail.text).toMatch(/\p{Script=Arabic}/u)
  expect(mail.html).toMatch(/<html[^>]*lang="ar"[^>]*dir="rtl"|<html[^>]*dir="rtl"[^>]*lang="ar"/)
  await page.locator('input[name=code]').fill(codeIn(mail))
  await page.locator('form button[type=submit]').first().click()
  await arrive(page, attempt)
})

test('an error is said in the language chosen after it', async ({ page, front, stranger, hasScript }) => {
  const { enter } = await front()
  await enter(page)
  await page.getByLabel('Email address').fill(stranger.email)
  await page.getByLabel('Password', { exact: true }).fill('not the one')
  await press(page, 'Sign in')
  await expect(page.getByRole('alert')).toContainText('There is a problem')
  await chooseLanguage(page, { label: 'Language', tag: 'de', button: 'Change', hasScript })
  await expect(page.getByLabel('E-Mail-Adresse')).toHaveValue(stranger.email)
})

test('the choice made on a page holds for the next visit', async ({ page, front, hasScript }) => {
  const { enter } = await front()
  await enter(page)
  await chooseLanguage(page, { label: 'Language', tag: 'de', button: 'Change', hasScript })
  await enter(page)
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
})

for (const [name, asked] of [
  ['lang', { lang: 'de' }],
  ['ui_locales', { ui_locales: 'xx de-AT en' }],
] as const) {
  test(`an app asks for a language with ${name}`, async ({ page, front }) => {
    const { enter } = await front()
    const answer = page.waitForResponse((response) => response.url().includes('/flow/') && response.status() === 200)
    await enter(page, asked)
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    expect((await answer).headers()['content-language']).toBe('de')
  })
}

test('without a wish the browser’s language decides', async ({ browser, front, javaScriptEnabled }) => {
  const { enter } = await front()
  const context = await browser.newContext({ javaScriptEnabled, locale: 'de-AT' })
  const page = await context.newPage()
  await enter(page)
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await context.close()
})

test('pages outside a journey speak the language chosen on them: the question, its answer, an error', async ({
  page,
  front,
  estate,
  stranger,
  hasScript,
}) => {
  const { pool, base, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await signIn(page, stranger)
  await arrive(page, attempt)

  await page.goto(`${base}/logout`)
  await page.getByLabel('Also sign out on all my devices').check()
  await chooseLanguage(page, { label: 'Language', tag: 'de', button: 'Change', hasScript })
  await onPage(page, /^Bei Meridian abmelden\?$/)
  await expect(page.getByLabel('Auch auf allen meinen Geräten abmelden')).toBeChecked()
  await press(page, 'Angemeldet bleiben')
  await onPage(page, 'Sie sind weiter angemeldet')
  await chooseLanguage(page, { label: 'Sprache', tag: 'ar', button: 'Ändern', hasScript })
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await page.goto(`${base}/oauth2/authorize?client_id=nobody&ui_locales=de`)
  await expect(page.locator('body')).toHaveAttribute('data-state', 'appSetup')
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await chooseLanguage(page, { label: 'Sprache', tag: 'en', button: 'Ändern', hasScript })
  await expect(page.locator('body')).toHaveAttribute('data-state', 'appSetup')
  await page.goto(`${base}/nothing-here`)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})
