import type { Page } from '@playwright/test'
import { expect, test } from './journey.ts'

/** What the enhancement script adds, and that nothing is missing without it. */

/** Keeps submits that the page's own script lets through on the page, so that it can be looked at while they are pending. */
const holdSubmits = (page: Page) =>
  page.evaluate(() => {
    document.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return
      event.preventDefault()
      const form = new FormData(event.target as HTMLFormElement, event.submitter)
      document.body.dataset.posts = `${document.body.dataset.posts ?? ''}${new URLSearchParams(form as never)}\n`
    })
  })
const heldPosts = async (page: Page): Promise<Record<string, string>[]> =>
  ((await page.locator('body').getAttribute('data-posts')) ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => Object.fromEntries(new URLSearchParams(line)))

test('a password can be shown, and is hidden again before it is sent', async ({ page, portico }) => {
  await page.goto(`${portico.preview}/preview/sign-in/returning`)
  const password = page.locator('#signInFormPassword')
  const show = page.getByRole('button', { name: 'Show password' })
  await password.fill('correct horse')
  await show.click()
  await expect(password).toHaveAttribute('type', 'text')
  await expect(show).toHaveAttribute('aria-pressed', 'true')
  await holdSubmits(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(password).toHaveAttribute('type', 'password')
})

test('a second press while the first is under way sends nothing, and the wait is said', async ({ page, portico }) => {
  await page.clock.install()
  await page.goto(`${portico.preview}/preview/sign-in/returning`)
  await holdSubmits(page)
  const submit = page.getByRole('button', { name: 'Sign in' })
  await submit.click()
  await expect(submit).toHaveAttribute('aria-disabled', 'true')
  await submit.dispatchEvent('click')
  await page.clock.runFor(500)
  await expect(page.locator('#portico-status')).toHaveText('Working')
  await page.clock.runFor(8000)
  await expect(page.locator('#portico-status')).toHaveText('This is taking longer than usual. Keep this page open.')
  expect(await heldPosts(page)).toHaveLength(1)
})

test('the wait for a new code counts down, and its end is announced', async ({ page, portico }) => {
  await page.clock.install()
  await page.goto(`${portico.preview}/preview/confirm-sign-up/fresh`)
  const resend = page.getByRole('button', { name: 'Send a new code' })
  await expect(resend).toBeHidden()
  await page.clock.runFor(10_000)
  // Real time passes beside the time that is run.
  await expect(page.getByText(/You can ask for a new code in 0:(?:20|1\d)\./)).toBeVisible()
  await page.clock.runFor(21_000)
  await expect(resend).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'You can ask for a new code now.' })).toBeVisible()
})

test('a code pasted whole goes off by itself, once; typed digits do not', async ({ page, portico }) => {
  await page.goto(`${portico.preview}/preview/confirm-sign-up/fresh`)
  await holdSubmits(page)
  const code = page.getByLabel('6-digit code')
  await code.pressSequentially('482917')
  expect(await heldPosts(page)).toEqual([])
  await code.fill('')
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('[data-code]')
    if (!input) return
    input.value = 'Your code is 482 917.'
    input.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste' }))
  })
  expect(await heldPosts(page)).toMatchObject([{ code: '482 917' }])
})

/** A browser that hands over the code of an SMS (WebOTP), or is told to stop waiting for it. */
const readsSms = (page: Page) =>
  page.addInitScript(() => {
    const own = globalThis as unknown as { OTPCredential: unknown; arrive: (code: string) => void }
    own.OTPCredential = class {}
    navigator.credentials.get = (wish) =>
      new Promise((resolve, reject) => {
        if (wish === undefined || !('otp' in wish)) return
        document.documentElement.dataset.waits = 'yes'
        own.arrive = (code) => resolve({ id: '', type: 'otp', code } as Credential)
        wish.signal?.addEventListener('abort', () => {
          document.documentElement.dataset.waits = 'no'
          reject(new DOMException('', 'AbortError'))
        })
      })
  })
const waits = (page: Page) => page.locator('html').getAttribute('data-waits')

test('the code of an SMS is taken from the phone it came to, and typing by hand ends the wait', async ({
  page,
  portico,
}) => {
  await readsSms(page)
  await page.goto(`${portico.preview}/preview/factor-code/sms`)
  await holdSubmits(page)
  expect(await waits(page)).toBe('yes')
  await page.evaluate(() => (globalThis as unknown as { arrive: (code: string) => void }).arrive('123456'))
  await expect.poll(async () => (await heldPosts(page)).map(({ code }) => code)).toEqual(['123456'])

  await page.goto(`${portico.preview}/preview/factor-code/sms`)
  await page.getByLabel('6-digit code').pressSequentially('1')
  expect(await waits(page)).toBe('no')
  await page.goto(`${portico.preview}/preview/factor-code/fresh`)
  expect(await waits(page)).toBe(null)
})

test('a language that is picked changes the page and keeps what was typed; arrow keys alone change nothing', async ({
  page,
  portico,
}) => {
  await page.goto(`${portico.preview}/preview/sign-in/fresh`)
  await page.getByLabel('Email address').fill('ines@example.com')
  await holdSubmits(page)
  const language = page.getByLabel('Language')
  await language.focus()
  await page.keyboard.press('ArrowDown')
  await expect(language).toHaveValue('de')
  expect(await heldPosts(page)).toEqual([])
  await page.getByLabel('Email address').focus()
  const posted = { _intent: 'language', lang: 'de', username: 'ines@example.com' }
  expect(await heldPosts(page)).toMatchObject([posted])

  await page.reload()
  await page.getByLabel('Email address').fill('ines@example.com')
  await holdSubmits(page)
  await language.selectOption('de')
  expect(await heldPosts(page)).toMatchObject([posted])
})

test('without a network nothing is sent, and the page says so', async ({ page, portico, context }) => {
  await page.goto(`${portico.preview}/preview/sign-in/returning`)
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('status')).toHaveText('You are offline. What you typed is still here.')
  await expect(page.getByLabel('Email address')).toHaveValue('ines@example.com')
})

test('rules of a new password are marked as they are met', async ({ page, portico }) => {
  await page.clock.install()
  await page.goto(`${portico.preview}/preview/sign-up/rules`)
  await page.getByLabel('Password', { exact: true }).fill('Abc1')
  await page.clock.runFor(700)
  await expect(page.locator('.passwordCheck-valid-customizable')).toHaveText([
    'a capital letter',
    'a small letter',
    'a number',
  ])
})

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('nothing is offered that needs it, and every action is there', async ({ page, portico }) => {
    await page.goto(`${portico.preview}/preview/sign-in/fresh`)
    await expect(page.getByRole('button', { name: 'Show password' })).toBeHidden()
    await expect(page.getByRole('button', { name: 'Change' })).toBeVisible()
    await page.goto(`${portico.preview}/preview/confirm-sign-up/fresh`)
    await expect(page.getByRole('button', { name: 'Send a new code' })).toBeVisible()
    await expect(page.getByText('You can ask for a new code in 0:30.')).toBeVisible()
  })

  test('an error has the focus', async ({ page, portico }) => {
    await page.goto(`${portico.preview}/preview/sign-in/form-error`)
    await expect(page.getByRole('alert')).toBeFocused()
  })

  test('the page that leaves goes by itself and carries a real link', async ({ page, portico, request }) => {
    const html = await (await request.get(`${portico.preview}/preview/leave/fresh`)).text()
    expect(html).toContain('<a class="portico-submit submitButton-customizable" href="/preview/done/fresh">')
    await page.goto(`${portico.preview}/preview/leave/fresh`)
    await page.waitForURL('**/preview/done/fresh')
  })
})
