import type { Page } from '@playwright/test'
import { PASSWORD } from '#tests/support/estate.ts'
import { onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { addAuthenticator } from '#tests/support/virtual-authenticator.ts'
import { expect, test } from '../journey.ts'

const first = { firstFactors: ['password' as const, 'passkey' as const] }

/** By password, whether the pool asks for everything at once or for one thing at a time. */
const byPassword = async (page: Page, email: string): Promise<void> => {
  await onPage(page, /^Sign in to /)
  await page.getByLabel('Email address').fill(email)
  const password = page.getByLabel('Password', { exact: true })
  if (!(await password.isVisible())) await press(page, /^(?:Continue|Next)$/)
  await password.fill(PASSWORD)
  await press(page, 'Sign in')
}

/** A button of ours is deaf for half a second before it is seen: password managers have pressed it before the person could read it. */
const pressCalmly = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name }).waitFor()
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 550)))
  await press(page, name)
}

/** A browser that fills in no passkeys: only the button asks. The virtual device would answer autofill by itself. */
const withoutAutofill = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    Object.assign(PublicKeyCredential, {
      getClientCapabilities: async () => ({ conditionalGet: false }),
      isConditionalMediationAvailable: async () => false,
    })
  })
}

const acceptOffer = async (page: Page): Promise<void> => {
  await onPage(page, 'Create a passkey')
  await pressCalmly(page, 'Create a passkey')
  await onPage(page, 'Your passkey is ready')
  await press(page, 'Continue')
}

test.describe('without script', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, 'what the page says to who has none')

  test('the page that asks for a passkey says what it needs, and leads to the other ways', async ({
    page,
    front,
    estate,
    stranger,
  }) => {
    const { pool, enter } = await front({ pool: { mfa: 'optional', ...first } })
    const person = await estate.person(pool, { email: stranger.email })
    await estate.lostPasskey(pool, person.sub)
    await enter(page)
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0)
    await byPassword(page, stranger.email)
    await onPage(page, 'Confirm with your passkey')
    await expect(page.getByText('Passkeys need JavaScript and a browser that knows them.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Use your passkey' })).toHaveCount(0)
    await press(page, "I can't use any of these")
  })
})

test.describe('with script', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'passkeys need script')

  for (const way of ['autofill', 'the button'] as const) {
    test(`after a password a passkey is offered; by ${way} the next sign-in needs neither name nor password`, async ({
      page,
      front,
      estate,
      stranger,
    }) => {
      const { pool, enter, arrive } = await front({ pool: first })
      await estate.person(pool, { email: stranger.email })
      const device = await addAuthenticator(page)
      if (way === 'the button') await withoutAutofill(page)
      let attempt = await enter(page)
      await byPassword(page, stranger.email)
      await acceptOffer(page)
      await arrive(page, attempt)
      expect(await device.count()).toBe(1)

      await page.context().clearCookies()
      attempt = await enter(page)
      if (way === 'the button') await pressCalmly(page, 'Sign in with a passkey')
      const tokens = await arrive(page, attempt)
      expect(tokens.claims()).toMatchObject({
        email: stranger.email,
        amr: ['hwk', 'user', 'mfa'],
        acr: 'urn:portico:acr:phishing-resistant',
      })
    })
  }

  test('the offer can be put off, and does not come back at once', async ({ page, front, estate, stranger }) => {
    const { pool, enter, arrive } = await front({ pool: first })
    await estate.person(pool, { email: stranger.email })
    await addAuthenticator(page)
    for (const isAsked of [true, false]) {
      const attempt = await enter(page, { prompt: 'login' })
      await byPassword(page, stranger.email)
      if (isAsked) {
        await onPage(page, 'Create a passkey')
        await press(page, 'Not now')
      }
      await arrive(page, attempt)
    }
  })

  test('a pool that demands a second step takes a passkey for it, then asks for it after the password', async ({
    page,
    front,
    estate,
    stranger,
  }) => {
    const { pool, enter, arrive } = await front({ pool: { mfa: 'required', factors: { recoveryCodes: false } } })
    await estate.person(pool, { email: stranger.email })
    const device = await addAuthenticator(page)
    let attempt = await enter(page)
    await byPassword(page, stranger.email)
    await onPage(page, 'Set up a second step')
    await press(page, 'Passkey')
    await acceptOffer(page)
    let tokens = await arrive(page, attempt)
    expect(tokens.claims()?.amr).toEqual(['pwd', 'hwk', 'user', 'mfa'])
    expect(await device.count()).toBe(1)

    attempt = await enter(page, { prompt: 'login' })
    await byPassword(page, stranger.email)
    await onPage(page, 'Confirm with your passkey')
    await pressCalmly(page, 'Use your passkey')
    tokens = await arrive(page, attempt)
    expect(tokens.claims()?.acr).toBe('urn:portico:acr:phishing-resistant')
  })

  test('of two authenticators the one that has the passkey answers', async ({ page, front, estate, stranger }) => {
    const { pool, enter, arrive } = await front({ pool: { mfa: 'required', factors: { recoveryCodes: false } } })
    await estate.person(pool, { email: stranger.email })
    const key = await addAuthenticator(page, { transport: 'usb' })
    let attempt = await enter(page)
    await byPassword(page, stranger.email)
    await press(page, 'Passkey')
    await acceptOffer(page)
    await arrive(page, attempt)
    const device = await addAuthenticator(page, { transport: 'internal' })
    expect([await key.count(), await device.count()]).toEqual([1, 0])

    attempt = await enter(page, { prompt: 'login' })
    await byPassword(page, stranger.email)
    await onPage(page, 'Confirm with your passkey')
    await pressCalmly(page, 'Use your passkey')
    await arrive(page, attempt)
  })

  test('who stops at the browser’s dialog is told that nothing happened, and may try again', async ({
    page,
    front,
    estate,
    stranger,
  }) => {
    const { pool, enter, arrive } = await front({ pool: { mfa: 'required', factors: { recoveryCodes: false } } })
    await estate.person(pool, { email: stranger.email })
    const device = await addAuthenticator(page)
    const attempt = await enter(page)
    await byPassword(page, stranger.email)
    await press(page, 'Passkey')
    await device.answers(false)
    await onPage(page, 'Create a passkey')
    await pressCalmly(page, 'Create a passkey')
    await expect(page.getByRole('alert')).toHaveText('Nothing was changed. Try again, or use another way.')
    expect(await device.count()).toBe(0)
    await device.answers(true)
    await acceptOffer(page)
    await arrive(page, attempt)
  })

  test('a page at the wrong host says where passkeys work', async ({ page, front, stranger, estate }) => {
    const { pool, enter, base } = await front({ pool: first })
    await estate.person(pool, { email: stranger.email })
    await addAuthenticator(page)
    await withoutAutofill(page)
    await enter(page)
    // The page as somebody else's server might serve it: bound to a name that is not the browser's.
    await page.route(`${base}/flow/**`, async (route) => {
      const response = await route.fetch()
      const body = await response.text()
      await route.fulfill({
        response,
        body: body.replace('&quot;rpId&quot;:&quot;localhost&quot;', '&quot;rpId&quot;:&quot;auth.example.com&quot;'),
      })
    })
    await page.reload()
    await pressCalmly(page, 'Sign in with a passkey')
    await expect(page.getByRole('alert')).toContainText(/work at localhost(?::\d+)? only/)
  })

  test('a passkey that was removed here is refused, and the browser’s keeper is told', async ({
    page,
    front,
    estate,
    stranger,
  }) => {
    const { pool, enter, arrive } = await front({ pool: first })
    const person = await estate.person(pool, { email: stranger.email })
    const device = await addAuthenticator(page)
    await withoutAutofill(page)
    const attempt = await enter(page)
    await byPassword(page, stranger.email)
    await acceptOffer(page)
    await arrive(page, attempt)
    await estate.removeFactors(pool, person.sub)

    await page.context().clearCookies()
    await enter(page)
    await pressCalmly(page, 'Sign in with a passkey')
    await refusedWith(page, 'That passkey is no longer linked to this account.')
    await expect.poll(() => device.count()).toBe(0)
  })
})
