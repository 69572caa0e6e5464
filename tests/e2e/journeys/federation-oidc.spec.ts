/**
 * Signing in through Glewlwyd (C), which nobody here wrote: it speaks OpenID Connect from its own reading of it. Its pages need
 * script, and so do these journeys; our pages on the way are walked without script in federation-saml.spec.ts.
 */
import type { Page } from '@playwright/test'
import { PASSWORD } from '#tests/support/estate.ts'
import type { Front } from '#tests/support/front.ts'
import {
  findGlewlwyd,
  type Glewlwyd,
  type GlewlwydPerson,
  HOW_TO_INSTALL_GLEWLWYD,
  startGlewlwyd,
} from '#tests/support/glewlwyd.ts'
import { signIn } from '#tests/support/screens/account.ts'
import { atGlewlwyd, goOnAtGlewlwyd, signInAtGlewlwyd, signOutAtGlewlwyd } from '#tests/support/screens/glewlwyd.ts'
import { follow, onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { test as base, expect } from '../journey.ts'

const NAME = 'Fjord Staff'
const BUTTON = `Continue with ${NAME}`
const STRANGE = 'We do not know this sign-in'

interface Staffed extends Front {
  /** Somebody whom Glewlwyd knows, and Portico not yet. */
  ines: GlewlwydPerson
}

const test = base.extend<
  { staffed: (settings?: Readonly<Record<string, unknown>>) => Promise<Staffed> },
  { glewlwyd: Glewlwyd }
>({
  glewlwyd: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const glewlwyd = await startGlewlwyd()
      await use(glewlwyd)
      await glewlwyd.close()
    },
    { scope: 'worker' },
  ],
  others: [({ glewlwyd }, use) => use([glewlwyd.origin]), { scope: 'worker' }],
  /** A pool whose people may come by Glewlwyd, which is believed about addresses of one domain. */
  staffed: ({ front, estate, glewlwyd, stranger: { email } }, use) =>
    use(async (settings = {}) => {
      const here = await front()
      const { pool, base: address } = here
      const secret = 'swordfish'
      await glewlwyd.addClient({
        id: pool.id,
        secret,
        callback: `${address}/oauth2/idpresponse`,
        afterLogout: `${address}/oauth2/logout`,
        authMethod: 'client_secret_post',
      })
      const common = { kind: 'oidc', name: 'Corporate', displayName: NAME }
      const trust = { trustsEmail: 'always', emailDomains: ['example.com'] }
      const attributeMapping = { email: 'email', name: 'name' }
      const { issuer } = glewlwyd
      const settled = {
        ...common,
        ...trust,
        attributeMapping,
        issuer,
        clientId: pool.id,
        scopes: ['openid'],
        ...settings,
      }
      await estate.provider(pool, settled, secret)
      const ines = { username: email.split('@')[0] ?? '', password: 'by the window', name: 'Ines Berg', email }
      await glewlwyd.addPerson(ines)
      return { ...here, ines }
    }),
})

const isExcused = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('glewlwyd')
test.skip(!findGlewlwyd() && isExcused, HOW_TO_INSTALL_GLEWLWYD)
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'the pages of Glewlwyd need script')

/** The browser is a stranger here, and still known at the provider. */
const forgetUs = (page: Page): Promise<void> => page.context().clearCookies({ domain: 'localhost' })

/** Nobody is signed in here: an app that must not ask is told so. */
const isSignedOut = async (page: Page, { enter }: Front): Promise<void> => {
  await enter(page, { prompt: 'none' })
  await onPage(page, 'Back at the app')
  expect(new URL(page.url()).searchParams.get('error')).toBe('login_required')
}

test('the button leads there and back; the second sign-in is the same person and needs no password', async ({
  page,
  staffed,
}) => {
  const { enter, arrive, ines } = await staffed()
  let attempt = await enter(page)
  await follow(page, BUTTON)
  await signInAtGlewlwyd(page, ines)
  const claims = (await arrive(page, attempt)).claims()
  expect(claims).toMatchObject({ email: ines.email, name: ines.name })
  expect(claims?.['cognito:username']).toMatch(/^Corporate_/)

  await page.context().clearCookies({ name: /session/i, domain: 'localhost' })
  attempt = await enter(page)
  await page.getByRole('link', { name: `${BUTTON} Last used` }).click()
  await goOnAtGlewlwyd(page, ines)
  expect((await arrive(page, attempt)).claims()?.sub).toBe(claims?.sub)

  // Glewlwyd takes no max_age of 0, which OpenID Connect allows: the sign-in that it has is not taken for a fresh one.
  attempt = await enter(page, { prompt: 'login' })
  await follow(page, /^Continue with/)
  await signInAtGlewlwyd(page, ines)
  await refusedWith(page, `${NAME} could not sign you in. It said: “max_age invalid”.`)
})

test('an app that names the provider leads there at once, and so does an address of its domain', async ({
  page,
  staffed,
}) => {
  const { enter, arrive, ines } = await staffed({ identifiers: ['example.com'] })
  let attempt = await enter(page, { identity_provider: 'Corporate' })
  await signInAtGlewlwyd(page, ines)
  const sub = (await arrive(page, attempt)).claims()?.sub

  await forgetUs(page)
  attempt = await enter(page)
  await page.getByLabel('Email address').fill(ines.email)
  await press(page, 'Sign in')
  await goOnAtGlewlwyd(page, ines)
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)
})

test('an account with the same address is connected once its person has proven it, and both doors lead in', async ({
  page,
  staffed,
  estate,
}) => {
  const { pool, enter, arrive, ines } = await staffed()
  const { sub } = await estate.person(pool, { email: ines.email })
  let attempt = await enter(page)
  await follow(page, BUTTON)
  await signInAtGlewlwyd(page, ines)
  await onPage(page, 'You already have an account')
  await press(page, 'Confirm it’s you')
  await signIn(page, { email: ines.email, password: PASSWORD })
  await onPage(page, `Connect ${NAME}?`)
  await press(page, 'Connect')
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)

  await forgetUs(page)
  attempt = await enter(page)
  await follow(page, BUTTON)
  await goOnAtGlewlwyd(page, ines)
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)

  await forgetUs(page)
  attempt = await enter(page)
  await signIn(page, { email: ines.email, password: PASSWORD })
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)
})

test('whoever keeps the two separate has two accounts', async ({ page, staffed, estate }) => {
  const { pool, enter, arrive, ines } = await staffed()
  const { sub } = await estate.person(pool, { email: ines.email })
  let attempt = await enter(page)
  await follow(page, BUTTON)
  await signInAtGlewlwyd(page, ines)
  await onPage(page, 'You already have an account')
  await press(page, 'Keep separate')
  const apart = (await arrive(page, attempt)).claims()
  expect(apart?.sub).not.toBe(sub)
  expect(apart?.['cognito:username']).toMatch(/^Corporate_/)

  await forgetUs(page)
  attempt = await enter(page)
  await signIn(page, { email: ines.email, password: PASSWORD })
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)
})

test('whom the provider turns away is told so on the sign-in page, and may come in another way', async ({
  page,
  staffed,
  estate,
}) => {
  // Asked to sign somebody in without a page, Glewlwyd says no; it has no button for it.
  const { pool, enter, arrive, ines } = await staffed({ authorizationParameters: { prompt: 'none' } })
  await estate.person(pool, { email: ines.email })
  const attempt = await enter(page)
  await follow(page, BUTTON)
  await refusedWith(page, `${NAME} could not sign you in.`)
  await signIn(page, { email: ines.email, password: PASSWORD })
  await arrive(page, attempt)
})

test('the answer to an older departure is refused, the newer one goes on', async ({ page, context, staffed }) => {
  const here = await staffed()
  const attempt = await here.enter(page)
  const address = page.url()
  await follow(page, BUTTON)
  await atGlewlwyd(page)
  const tab = await context.newPage()
  await tab.goto(address)
  await follow(tab, `${BUTTON} Last used`)
  await atGlewlwyd(tab)

  await signInAtGlewlwyd(page, here.ines)
  await onPage(page, STRANGE)
  await isSignedOut(page, here)

  await signInAtGlewlwyd(tab, here.ines)
  await here.arrive(tab, attempt)
})

test('back from the provider the sign-in page still works', async ({ page, staffed, estate }) => {
  const { pool, enter, arrive, ines } = await staffed()
  await estate.person(pool, { email: ines.email })
  const attempt = await enter(page)
  await follow(page, BUTTON)
  await atGlewlwyd(page)
  await page.goBack()
  await onPage(page, /^Sign in to /)
  await signIn(page, { email: ines.email, password: PASSWORD })
  expect((await arrive(page, attempt)).claims()?.email).toBe(ines.email)
})

test('an address that the provider made for one browser signs in nobody in another, nor twice', async ({
  page,
  staffed,
  anotherBrowser,
}) => {
  const here = await staffed()
  const elsewhere = await anotherBrowser()
  const attempt = await here.enter(page)
  await follow(page, BUTTON)
  const returns = page.waitForRequest((request) => request.url().includes('/oauth2/idpresponse?'))
  await signInAtGlewlwyd(page, here.ines)
  const address = (await returns).url()
  await here.arrive(page, attempt)

  for (const browser of [elsewhere, page]) {
    const response = await browser.goto(address)
    expect(response?.status()).toBe(400)
    await onPage(browser, STRANGE)
  }
  await isSignedOut(elsewhere, here)
})

test('an answer that another browser brings first stays with the browser that left', async ({
  page,
  staffed,
  anotherBrowser,
}) => {
  const here = await staffed()
  const elsewhere = await anotherBrowser()
  await here.enter(page)
  await follow(page, BUTTON)
  let address = ''
  await page.route('**/api/oidc/auth?*g_continue*', async (route) => {
    const response = await route.fetch({ maxRedirects: 0 })
    address = response.headers().location ?? ''
    await route.fulfill({ body: 'seen by somebody else' })
  })
  await signInAtGlewlwyd(page, here.ines)
  await expect.poll(() => address).not.toBe('')
  expect((await elsewhere.goto(address))?.status()).toBe(400)
  await onPage(elsewhere, STRANGE)
  await isSignedOut(elsewhere, here)
})

test('signing out here signs out there, and leads back to whoever asked', async ({ page, staffed, app }) => {
  const { base: address, enter, arrive, party, ines } = await staffed({ signsOutUpstream: true })
  let attempt = await enter(page)
  await follow(page, BUTTON)
  await signInAtGlewlwyd(page, ines)
  await arrive(page, attempt)
  await page.goto(`${address}/logout`)
  await onPage(page, /^Sign out of/)
  await press(page, 'Sign out')
  await signOutAtGlewlwyd(page)
  await onPage(page, 'You are signed out')

  attempt = await enter(page)
  await page.getByRole('link', { name: BUTTON }).click()
  await signInAtGlewlwyd(page, ines)
  const tokens = await arrive(page, attempt)
  const left = `${app.origin}/left`
  await page.goto(party.logoutUrl({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: left }).href)
  await signOutAtGlewlwyd(page)
  await onPage(page, 'Back at the app')
  expect(page.url()).toBe(left)
})
