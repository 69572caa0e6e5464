import { signIn } from '#tests/support/screens/account.ts'
import { follow, onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { expect, newCredentials, test } from '../journey.ts'

test('a wrong password is said above the heading, keeps the name and forgets the password; the right one then signs in', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await signIn(page, { ...stranger, password: 'not the one' })
  await refusedWith(page, 'The email address or password is not right. Check both, or reset your password.')
  await expect(page.getByLabel('Email address')).toHaveValue(stranger.email)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await expect(page.locator('[aria-invalid]')).toHaveCount(0)
  expect(page.url()).not.toContain(encodeURIComponent(stranger.email))

  await signIn(page, { ...stranger, email: ` ${stranger.email.toUpperCase()} ` })
  const tokens = await arrive(page, attempt)
  expect(tokens.claims()).toMatchObject({ email: stranger.email })
})

test('empty fields are named', async ({ page, front, stranger }) => {
  const { enter } = await front()
  await enter(page)
  await press(page, 'Sign in')
  await refusedWith(page, 'Enter your email address.')
  await page.getByLabel('Email address').fill(stranger.email)
  await press(page, 'Sign in')
  await refusedWith(page, 'Enter your password.')
  await expect(page.getByLabel('Email address')).toHaveValue(stranger.email)
})

test('after five wrong passwords the right one has to wait, the reset stays open, and nobody else is affected', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  const other = newCredentials('otto')
  await estate.person(pool, { email: stranger.email })
  await estate.person(pool, { email: other.email })
  const attempt = await enter(page)
  for (let tries = 1; tries <= 5; tries += 1) {
    await signIn(page, { ...stranger, password: `not the one ${tries}` })
    await refusedWith(page, 'The email address or password is not right.')
  }
  await signIn(page, stranger)
  await refusedWith(page, /Too many tries\. Wait \d+ minutes, or reset your password\./)
  await expect(page.getByRole('link', { name: 'Forgot password?' })).toBeVisible()
  await signIn(page, other)
  await arrive(page, attempt)
})

test('one sign-in serves every app of the pool, and in another pool the same browser is a stranger', async ({
  page,
  context,
  front,
  estate,
  app,
  portico,
  stranger,
}) => {
  const [here, there] = await Promise.all([front(), front({ pool: { displayName: 'Halden' } })])
  await estate.person(here.pool, { email: stranger.email })
  const both = { ...stranger, password: 'the other pool has another' }
  await estate.person(there.pool, { email: both.email, password: both.password })

  // Two journeys at once, a tab each, in one browser.
  const tab = await context.newPage()
  const [first, second] = await Promise.all([here.enter(page), there.enter(tab)])
  await signIn(page, stranger)
  const tokens = await here.arrive(page, first)
  await signIn(tab, stranger)
  await refusedWith(tab, 'The email address or password is not right.')
  await signIn(tab, both)
  const others = await there.arrive(tab, second)
  expect(others.claims()?.sub).not.toBe(tokens.claims()?.sub)

  const desk = await estate.client(here.pool.id, { displayName: 'Meridian Desk', callbackUrls: [app.callback] })
  await page.goto(
    `${portico.origin}/${here.pool.id}/oauth2/authorize?response_type=code&client_id=${desk.clientId}&redirect_uri=${encodeURIComponent(app.callback)}&scope=openid`,
  )
  await onPage(page, 'Back at the app')
  await here.enter(page, { prompt: 'login' })
  await onPage(page, /^Sign in to/)
})

test('a pool that asks one thing at a time shows the same second page for every name', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front({ pool: { signInLayout: 'identifier-first' } })
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0)
  for (const email of [newCredentials('nobody').email, stranger.email]) {
    await page.getByLabel('Email address').fill(email)
    await press(page, 'Continue')
    await onPage(page, 'Enter your password')
    await expect(page.getByText(email)).toBeVisible()
    await page.getByLabel('Password', { exact: true }).fill('not the one')
    await press(page, 'Sign in')
    await refusedWith(page, 'The email address or password is not right.')
    await follow(page, 'Change')
    await onPage(page, /^Sign in to/)
    await expect(page.getByLabel('Email address')).toHaveValue(email)
  }
  await press(page, 'Continue')
  await page.getByLabel('Password', { exact: true }).fill(stranger.password)
  await press(page, 'Sign in')
  await arrive(page, attempt)
})

test('a hint of the app fills in the name', async ({ page, front, stranger }) => {
  const { enter } = await front()
  await enter(page, { login_hint: stranger.email })
  await expect(page.getByLabel('Email address')).toHaveValue(stranger.email)
})

test('signing out ends the session for every app of the pool', async ({ page, front, estate, app, stranger }) => {
  const { pool, party, client, base, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await signIn(page, stranger)
  const tokens = await arrive(page, attempt)
  await page.goto(
    party.logoutUrl({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: `${app.origin}/left`,
    }).href,
  )
  await onPage(page, 'Back at the app')
  expect(page.url()).toContain(`${app.origin}/left`)
  const again = await enter(page)
  await signIn(page, stranger)
  await arrive(page, again)

  // Cognito's own form, and without a proof of who asks: the person is asked.
  await page.goto(`${base}/logout`)
  await onPage(page, /^Sign out of/)
  await press(page, 'Stay signed in')
  await enter(page)
  await onPage(page, 'Back at the app')
  await page.goto(`${base}/logout`)
  await press(page, 'Sign out')
  await onPage(page, 'You are signed out')
  await enter(page)
  await onPage(page, /^Sign in to/)
  await page.goto(`${base}/logout?client_id=${client.clientId}&logout_uri=${encodeURIComponent(`${app.origin}/left`)}`)
  await onPage(page, 'Back at the app')
})
