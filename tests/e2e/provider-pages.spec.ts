import { expect, test } from './journey.ts'

/** Pages that know of identity providers: what leads to them, and what is said when they fail. */

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    test('five providers are in sight in the order given, the last used says so, and the rest is one press away', async ({
      page,
      portico,
    }) => {
      await page.goto(`${portico.preview}/preview/sign-in/providers-twelve`)
      const links = page.getByRole('link', { name: /^Continue with/ })
      await expect(links).toHaveText([
        'Continue with Google Last used',
        ...['Microsoft', 'Apple', 'Facebook', 'Amazon'].map((name) => `Continue with ${name}`),
      ])
      await page.getByText('More ways').click()
      await expect(links).toHaveCount(12)
    })

    test('an app without accounts of the pool shows the buttons alone, and the language can still be changed', async ({
      page,
      portico,
    }) => {
      await page.goto(`${portico.preview}/preview/sign-in/providers-only`)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Fjord Books')
      await expect(page.getByRole('link', { name: /^Continue with/ })).toHaveCount(2)
      await expect(page.getByRole('textbox')).toHaveCount(0)
      await expect(page.getByRole('link', { name: 'Create an account' })).toHaveCount(0)
      await expect(page.getByText('or', { exact: true })).toHaveCount(0)
      await expect(page.getByRole('combobox', { name: 'Language' })).toBeVisible()
    })

    test('what a provider said is quoted above the heading, and no field of ours is blamed', async ({
      page,
      portico,
    }) => {
      await page.goto(`${portico.preview}/preview/sign-in/provider-error`)
      const summary = page.getByRole('alert')
      await expect(summary).toContainText('Google could not sign you in. It said: “The person did not give consent”.')
      await expect(summary.getByRole('link')).toHaveCount(0)
      await expect(page.locator('[aria-invalid]')).toHaveCount(0)
    })

    test('a connection is asked for with both accounts by name, and the two answers are of one size', async ({
      page,
      portico,
    }) => {
      await page.goto(`${portico.preview}/preview/connect-provider/fresh`)
      await expect(page.getByRole('main')).toContainText('At Google you are ines@example.com.')
      const [yes, no] = await Promise.all(
        ['Connect', 'Keep separate'].map((name) => page.getByRole('button', { name, exact: true }).boundingBox()),
      )
      expect([no?.width, no?.height]).toEqual([yes?.width, yes?.height])
    })

    test('what cannot be connected is asked for no more, and one answer leads on', async ({ page, portico }) => {
      await page.goto(`${portico.preview}/preview/connect-provider/taken`)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Google is not connected')
      const answers = page.getByRole('main').getByRole('button')
      await expect(answers).toHaveText(['Continue without connecting'])
      await expect(answers).toHaveAttribute('value', 'separate')
      await page.goto(`${portico.preview}/preview/connect-provider/too-many`)
      await expect(answers).toHaveText(['Back to your account'])
    })

    test('from one’s own account the second answer is to cancel', async ({ page, portico }) => {
      await page.goto(`${portico.preview}/preview/connect-provider/own-account`)
      await expect(page.getByRole('main').getByRole('button')).toHaveText(['Connect', 'Cancel'])
    })

    test('the page that proves an account for a provider says which', async ({ page, portico }) => {
      await page.goto(`${portico.preview}/preview/sign-in/provider-waits`)
      await expect(page.locator('.portico-notice')).toHaveText('Sign in to your account to connect Google.')
      await expect(page.getByRole('link', { name: 'Create an account' })).toHaveCount(0)
    })

    test('an address breaks after its @ and its dots, and is copied as it is', async ({ page, portico }) => {
      await page.goto(`${portico.preview}/preview/account/connections`)
      const address = page.locator('dd bdi').first()
      await expect(address).toHaveText('ingrid.fjellanger@example.com')
      expect(await address.innerHTML()).toBe('ingrid.<wbr>fjellanger@<wbr>example.<wbr>com')
    })

    test('a password that a directory changes by itself has no form here', async ({ page, portico }) => {
      await page.goto(`${portico.preview}/preview/account/password-elsewhere`)
      await expect(page.getByRole('main')).toContainText('Your password is the one you have at Fjord Staff (SSO)')
      await expect(page.getByLabel('New password')).toHaveCount(0)
      await page.goto(`${portico.preview}/preview/account/password-directory`)
      await expect(page.getByLabel('New password')).toBeVisible()
      await expect(page.getByText(/Use at least/)).toHaveCount(0)
    })

    test('the last way in cannot be removed, and the page says why', async ({ page, portico }) => {
      await page.goto(`${portico.preview}/preview/account/connections-last`)
      await expect(page.getByText('This is your last way to sign in.')).toBeVisible()
      await expect(page.getByRole('button', { name: /^Remove/ })).toHaveCount(0)
      await expect(page.getByRole('button', { name: 'Connect GitHub' })).toHaveAttribute('value', 'GitHub')
    })
  })
}

test('marks are drawn in the colour of the words beside them', async ({ page, portico }) => {
  await page.goto(`${portico.preview}/preview/sign-in/provider-one`)
  const mark = page.locator('.portico-provider svg')
  await expect(mark.locator('use')).toHaveAttribute('href', /^\/assets\/providers\.[0-9a-f]{16}\.svg#google$/)
  // Nothing of a symbol has a size until its file is there.
  await expect.poll(async () => (await mark.locator('use').boundingBox())?.width ?? 0).toBeGreaterThan(10)
})

test('Cognito’s classes sit on the buttons and on the words above them', async ({ page, portico }) => {
  await page.goto(`${portico.preview}/preview/sign-in/providers-three`)
  await expect(page.locator('a.portico-idp.socialButton-customizable')).toHaveText(['Continue with Google'])
  await expect(page.locator('a.portico-idp.idpButton-customizable')).toHaveCount(2)
  await expect(page.locator('.portico-divider .idpDescription-customizable')).toHaveText('or')
})

test('a page that leaves by a form posts what it was given, at once with script and by its button without', async ({
  browser,
  portico,
}) => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await page.goto(`${portico.preview}/preview/form-post/depart`, { waitUntil: 'commit' })
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click()
    const fields = new URLSearchParams((await sent).postData() ?? '')
    expect([...fields.keys()]).toEqual(['SAMLRequest', 'RelayState'])
    await context.close()
  }
})
