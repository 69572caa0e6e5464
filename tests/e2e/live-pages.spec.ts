import { brotliCompressSync } from 'node:zlib'
import { codeIn, linkIn } from '#tests/support/inbox.ts'
import { accessible } from '#tests/support/screens/accessible.ts'
import { confirmCode, signIn, signUp } from '#tests/support/screens/account.ts'
import { follow, onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from './journey.ts'

/** The pages as the real server sends them: no barrier, nothing too wide, nothing too heavy. */

test('axe finds nothing on the way through sign-up, recovery, consent and sign-out, nor in the demo app and the inbox', async ({
  page,
  context,
  front,
  portico,
  inbox,
  stranger,
}) => {
  test.setTimeout(240_000)
  const shop = await front({
    pool: { attributes: { birthdate: { required: true } } },
    client: { firstParty: false, scopes: ['openid', 'email', 'phone'] },
    scope: 'openid email phone',
  })
  await page.goto(portico.demo)
  await accessible(page)
  await shop.enter(page)
  await accessible(page)
  await signIn(page, stranger)
  await accessible(page)
  await follow(page, 'Create an account')
  await accessible(page)
  await page.getByLabel('Day').fill('7')
  await page.getByLabel('Month').fill('2')
  await page.getByLabel('Year').fill('1988')
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  await accessible(page)
  const mail = await inbox.latest(stranger.email)
  const tab = await context.newPage()
  await tab.goto(`${portico.origin}/dev/inbox?pause&to=${encodeURIComponent(stranger.email)}`)
  await accessible(tab)
  await tab.goto(linkIn(mail, '/confirmUser?token='))
  await accessible(tab)
  await confirmCode(page, codeIn(mail))
  await onPage(page, /asks for access/)
  await accessible(page)
  await press(page, 'Allow')
  await onPage(page, 'Back at the app')
  await tab.goto(`${shop.base}/logout`)
  await accessible(tab)
  await press(tab, 'Sign out')
  await onPage(tab, 'You are signed out')
  await accessible(tab)

  await shop.enter(page)
  await follow(page, 'Forgot password?')
  await accessible(page)
  await page.getByLabel('Email address').fill(stranger.email)
  await press(page, 'Send code')
  await onPage(page, 'Check your email')
  await accessible(page)
  await confirmCode(page, codeIn(await inbox.latest(stranger.email, 2)))
  await onPage(page, 'Choose a new password')
  await accessible(page)
  await tab.goto(`${shop.base}/oauth2/authorize?client_id=nobody&response_type=code`)
  await accessible(tab)
})

test('a person signs in with the keyboard alone, and sees where the focus is', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await onPage(page, /^Sign in to/)
  // The first field has the focus by itself: there is nothing to read before it but the heading.
  await expect(page.getByLabel('Email address')).toBeFocused()
  await page.keyboard.type(stranger.email)
  const walk: (string | null)[] = []
  for (let step = 0; step < 3; step += 1) {
    await page.keyboard.press('Tab')
    const focus = page.locator(':focus')
    walk.push(
      (await focus.getAttribute('aria-label')) ?? (await focus.getAttribute('name')) ?? (await focus.textContent()),
    )
    const ring = await focus.evaluate((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element.closest('.portico-box') ?? element)
      const own = getComputedStyle(element)
      return [outlineStyle, outlineWidth, boxShadow, own.outlineStyle, own.outlineWidth, own.boxShadow].join(' ')
    })
    expect(ring, walk.at(-1) ?? '').toMatch(/solid (?:[2-9]|\d\d)px|solid/)
  }
  expect(walk).toEqual(['Forgot password?', 'password', 'Show password'])
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Show password' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.type(stranger.password)
  await expect(page.locator('input[name=password]')).toHaveAttribute('type', 'text')
  await page.keyboard.press('Enter')
  await arrive(page, attempt)
})

test('the skip link is first and leads to what the page is about', async ({ page, front }) => {
  const { base } = await front()
  await page.goto(`${base}/oauth2/authorize?client_id=nobody`)
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: /^Skip to/ })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).hash).toBe('#portico-main')
})

for (const [what, viewport, text] of [
  ['at 320 px', { width: 320, height: 640 }, 1],
  ['at 400 % zoom of 1280 × 1024', { width: 320, height: 256 }, 1],
  ['with text of twice the size', { width: 360, height: 780 }, 2],
] as const) {
  test(`nothing scrolls sideways ${what}, with long names, errors and all languages`, async ({
    browser,
    front,
    app,
  }) => {
    test.slow()
    const shop = await front({
      pool: {
        displayName: 'Donaudampfschifffahrtsgesellschaft',
        attributes: { 'custom:team': { required: true, label: { en: 'Rindfleischetikettierungsüberwachung' } } },
      },
      client: { displayName: 'Donaudampfschifffahrtsgesellschaftskapitän', callbackUrls: [app.callback] },
    })
    const context = await browser.newContext({ viewport, locale: 'en-GB' })
    const page = await context.newPage()
    const isWithin = async () => {
      const letters = await page.evaluate((times) => {
        // As a setting of the browser would: an element in the page is refused by its policy.
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(`html { font-size: ${times * 100}% }`)
        document.adoptedStyleSheets = [sheet]
        return Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      }, text)
      expect(letters).toBe(16 * text)
      const [needs, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      expect(needs, page.url()).toBeLessThanOrEqual(has ?? 0)
    }
    for (const lang of ['en', 'de', 'ar']) {
      await shop.enter(page, { lang })
      await page.locator('input[name=username]').fill(`${'a-long-name.'.repeat(5)}of-someone@example.com`)
      await page.locator('button[name=signInSubmitButton]').click()
      await expect(page.locator('[role=alert]')).toBeVisible()
      await isWithin()
      await shop.enter(page, { lang, prompt: 'create' })
      await isWithin()
    }
    await context.close()
  })
}

const KILOBYTE = 1024

test('the sign-in page stays within its budget: bytes, requests, no framework script, no shift', async ({
  page,
  front,
}) => {
  const { enter } = await front()
  const parts: { kind: string; path: string; bytes: number; brotli: number }[] = []
  page.on('response', async (response) => {
    if (response.status() !== 200) return
    const body = await response.body()
    const { pathname } = new URL(response.url())
    const kind = response.request().resourceType()
    parts.push({ kind, path: pathname, bytes: body.length, brotli: brotliCompressSync(body).length })
  })
  await page.addInitScript(() => {
    Object.assign(globalThis, { shift: 0 })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        (globalThis as unknown as { shift: number }).shift += (entry as unknown as { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await enter(page)
  await page.waitForLoadState('networkidle')
  const shift = await page.evaluate(() => (globalThis as unknown as { shift: number }).shift)
  const weigh = (is: (part: (typeof parts)[number]) => boolean) => {
    const these = parts.filter(is)
    return { count: these.length, brotli: these.reduce((sum, part) => sum + part.brotli, 0) }
  }
  const html = weigh(({ kind }) => kind === 'document')
  const theme = weigh(({ path }) => path.includes('/_theme/'))
  const css = weigh(({ kind, path }) => kind === 'stylesheet' && !path.includes('/_theme/'))
  const script = weigh(({ kind }) => kind === 'script')
  const font = weigh(({ kind }) => kind === 'font')
  const image = weigh(({ kind }) => kind === 'image')
  const figures = Object.entries({ html, css, theme, script, font, image }).map(
    ([name, { count, brotli }]) => `${name} ${count} × ${(brotli / KILOBYTE).toFixed(1)} KB`,
  )
  console.log(`sign-in page, brotli: ${figures.join(', ')}; layout shift ${shift.toFixed(3)}`)
  expect(html).toMatchObject({ count: 1 })
  expect(html.brotli).toBeLessThanOrEqual(8 * KILOBYTE)
  expect(css.count + theme.count).toBeLessThanOrEqual(2)
  expect(css.brotli).toBeLessThanOrEqual(10 * KILOBYTE)
  expect(theme.brotli).toBeLessThanOrEqual(6 * KILOBYTE)
  expect(script.count).toBeLessThanOrEqual(1)
  expect(script.brotli).toBeLessThanOrEqual(12 * KILOBYTE)
  // The text face, and the code face for the host name.
  expect(font.brotli).toBeLessThanOrEqual(55 * KILOBYTE)
  expect(shift).toBeLessThanOrEqual(0.02)
})
