import { codeIn } from '#tests/support/inbox.ts'
import { confirmCode, signIn, signUp } from '#tests/support/screens/account.ts'
import { follow, onPage, press } from '#tests/support/screens/hosted-page.ts'
import { timeTravel } from '#tests/support/time-travel.ts'
import { expect, newCredentials, test } from '../journey.ts'

/** What browsers do to journeys: back, twice, two tabs, too late, elsewhere. */

test('going back to an earlier page and answering differently works; what was gained later is gone', async ({
  page,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front()
  const attempt = await enter(page, { prompt: 'create' })
  const first = newCredentials('first')
  await signUp(page, first)
  await onPage(page, 'Check your email')
  await page.goBack()
  await onPage(page, 'Create an account')
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  await expect(page.getByText(stranger.email)).toBeVisible()
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  expect((await arrive(page, attempt)).claims()).toMatchObject({ email: stranger.email })
})

test('back from the app after signing in does not break: the browser is signed in and is sent on or told', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await signIn(page, stranger)
  await arrive(page, attempt)
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/This page was open too long|Back at the app/)
})

test('a form sent twice counts once: one account, one mail, one way on', async ({ page, front, inbox, stranger }) => {
  const { enter } = await front()
  await enter(page, { prompt: 'create' })
  await page.getByLabel('Email address').fill(stranger.email)
  await page.getByLabel('Password', { exact: true }).fill(stranger.password)
  await page.getByRole('button', { name: 'Create account' }).dblclick()
  await onPage(page, 'Check your email')
  await inbox.latest(stranger.email)
  expect(await inbox.all(stranger.email)).toHaveLength(1)
})

test('two tabs on one journey: the second shows where the journey is, and a form left behind changes nothing', async ({
  page,
  context,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front()
  const attempt = await enter(page, { prompt: 'create' })
  const tab = await context.newPage()
  await tab.goto(page.url())
  await tab.getByLabel('Email address').fill(newCredentials('late').email)
  await tab.getByLabel('Password', { exact: true }).fill(stranger.password)

  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  await press(tab, 'Create account')
  await onPage(tab, 'Check your email')
  await expect(tab.getByText(stranger.email)).toBeVisible()
  await confirmCode(tab, codeIn(await inbox.latest(stranger.email)))
  await arrive(tab, attempt)
  await press(page, 'Confirm code')
  await onPage(page, 'This page was open too long')
})

test('two journeys in two tabs of one browser do not mix', async ({ page, context, front, estate, stranger }) => {
  const { pool, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const tab = await context.newPage()
  const first = await enter(page)
  const second = await enter(tab)
  await signIn(page, stranger)
  await arrive(page, first)
  await signIn(tab, stranger)
  await arrive(tab, second)
})

test('the address of a journey is worth nothing in another browser', async ({
  page,
  anotherBrowser,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front()
  const attempt = await enter(page, { prompt: 'create' })
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  const thief = await anotherBrowser()
  const answer = await thief.goto(page.url())
  expect(answer?.status()).toBe(400)
  await expect(thief.getByText(stranger.email)).toHaveCount(0)
  await expect(thief.getByText('Reference', { exact: true })).toBeVisible()
  // Nor with a journey's cookie of one's own.
  await enter(thief)
  expect((await thief.goto(page.url()))?.status()).toBe(400)
  await onPage(thief, 'This page belongs to another browser')
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  await arrive(page, attempt)
})

test('a page that was open too long says so and leads back to the start of the app', async ({
  page,
  front,
  estate,
  app,
  stranger,
}) => {
  const { pool, enter } = await front()
  await estate.person(pool, { email: stranger.email })
  await enter(page)
  await timeTravel(estate, pool.id).expireJourneys()
  await signIn(page, stranger)
  await onPage(page, 'This page was open too long')
  await follow(page, 'Start again')
  await onPage(page, 'Back at the app')
  expect(page.url()).toBe(`${app.origin}/start`)
})

test('cookies that are blocked are named', async ({ browser, front, app, javaScriptEnabled }) => {
  const { party } = await front()
  const context = await browser.newContext({ javaScriptEnabled, locale: 'en-GB' })
  const page = await context.newPage()
  await page.route('**/oauth2/authorize**', async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 })
    await context.clearCookies()
    const { 'set-cookie': _, ...headers } = answer.headers()
    await route.fulfill({ status: answer.status(), headers })
  })
  const { url } = await party.begin()
  // Led here by an app, as browsers tell; an address that was typed may simply have begun elsewhere.
  await page.route(`${app.origin}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<a href="${url.href.replaceAll('&', '&amp;')}">Sign in</a>` }),
  )
  await page.goto(app.origin)
  await follow(page, 'Sign in')
  await onPage(page, 'Cookies are blocked')
  await context.close()
})

test('an unknown app and an unregistered address stop on a page of ours, never at the address', async ({
  page,
  front,
}) => {
  const { base, enter } = await front()
  for (const [asked, status] of [
    [{ client_id: 'nobodynobodynobodynobody00' }, 400],
    [{ redirect_uri: 'https://evil.example/callback' }, 400],
  ] as const) {
    const answer = page.waitForResponse((response) => response.request().isNavigationRequest())
    await enter(page, asked)
    expect((await answer).status()).toBe(status)
    await onPage(page, 'This app is not set up correctly')
    await expect(page.getByText('Reference', { exact: true })).toBeVisible()
    expect(page.url()).toContain(base)
  }
})
