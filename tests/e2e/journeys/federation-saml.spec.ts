/**
 * Signing in through SimpleSAMLphp (PHP, libxml2, xmlseclibs), which nobody here wrote. Its pages are plain forms: the journeys
 * are walked with script and without.
 */
import type { Page } from '@playwright/test'
import { PASSWORD } from '#tests/support/estate.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import type { Front } from '#tests/support/front.ts'
import { selfSigned } from '#tests/support/saml/self-signed.ts'
import {
  ANN,
  HOW_TO_INSTALL_SIMPLESAMLPHP,
  isSimpleSamlPhpThere,
  type RunningSimpleSamlPhp,
  startSimpleSamlPhp,
} from '#tests/support/saml/simplesamlphp.ts'
import { signIn } from '#tests/support/screens/account.ts'
import { follow, onPage, press } from '#tests/support/screens/hosted-page.ts'
import { atSimpleSamlPhp, goOnAtSimpleSamlPhp, signInAtSimpleSamlPhp } from '#tests/support/screens/simplesamlphp.ts'
import { startTlsProxy } from '#tests/support/tls-proxy.ts'
import { test as base, expect } from '../journey.ts'

const NAME = 'Fjord Books'
const BUTTON = new RegExp(`^Continue with ${NAME}`)

interface Idp extends RunningSimpleSamlPhp {
  /** Where browsers find it: by https, as metadata has to say. */
  address: string
}

interface Walk extends Front {
  /** By the button, and on if our page on the way waits for somebody to press its own. */
  leave(): Promise<void>
}

const test = base.extend<
  { corporate: (page: Page, settings?: Readonly<Record<string, unknown>>) => Promise<Walk> },
  { idp: Idp }
>({
  idp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const [port = 0, upstreamPort = 0] = await freePorts(2)
      const address = `https://127.0.0.1:${port}`
      const idp = await startSimpleSamlPhp(upstreamPort, address)
      const { certificate, privateKey } = selfSigned('127.0.0.1')
      const tls = { certificate: Buffer.from(certificate), key: Buffer.from(privateKey) }
      const proxy = await startTlsProxy({ port, upstreamPort, ...tls })
      await use({ ...idp, address })
      await proxy.stop()
      await idp.stop()
    },
    { scope: 'worker' },
  ],
  others: [({ idp }, use) => use([idp.address]), { scope: 'worker' }],
  /** A pool whose people may come by SimpleSAMLphp; each of the two knows the other by its metadata. */
  corporate: ({ front, estate, idp, hasScript }, use) =>
    use(async (page, settings = {}) => {
      const here = await front()
      const metadataXml = await idp.metadata()
      const common = { kind: 'saml', name: 'Corporate', displayName: NAME, metadataXml, signRequests: true }
      const trust = {
        trustsEmail: 'always',
        emailDomains: ['fjord-books.example'],
        attributeMapping: { email: 'email' },
      }
      const { settings: made } = await estate.provider(here.pool, { ...common, ...trust, ...settings })
      const ours = await fetch(`${here.base}/saml2/metadata`)
      expect(ours.status).toBe(200)
      const isEncrypting = made.kind === 'saml' && made.encryptedAssertions === 'required'
      await idp.addServiceProvider(await ours.text(), { isEncrypting })
      const isPosted = made.kind === 'saml' && made.binding === 'post'
      const leave = async (): Promise<void> => {
        await follow(page, BUTTON)
        if (isPosted && !hasScript) await press(page, /^Continue/)
      }
      return { ...here, leave }
    }),
})

test.use({ ignoreHTTPSErrors: true })

const isExcused = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('simplesamlphp')
test.skip(!isSimpleSamlPhpThere() && isExcused, HOW_TO_INSTALL_SIMPLESAMLPHP)

/** The browser is a stranger here, and still known at the provider. */
const forgetUs = (page: Page): Promise<void> => page.context().clearCookies({ domain: 'localhost' })

/** Nobody is signed in here: an app that must not ask is told so. */
const isSignedOut = async (page: Page, { enter }: Front): Promise<void> => {
  await enter(page, { prompt: 'none' })
  await onPage(page, 'Back at the app')
  expect(new URL(page.url()).searchParams.get('error')).toBe('login_required')
}

for (const { how, settings } of [
  { how: 'a redirect, and assertions in the clear', settings: { binding: 'redirect' } },
  { how: 'a form, and assertions encrypted', settings: { binding: 'post', encryptedAssertions: 'required' } },
])
  test(`by ${how}: first sign-in, second without a password, a fresh one with it`, async ({
    page,
    corporate,
    hasScript,
  }) => {
    const { enter, arrive, leave } = await corporate(page, settings)
    let attempt = await enter(page)
    await leave()
    await signInAtSimpleSamlPhp(page, hasScript)
    const claims = (await arrive(page, attempt)).claims()
    expect(claims).toMatchObject({ email: ANN.email, 'cognito:username': 'Corporate_ann' })

    await forgetUs(page)
    attempt = await enter(page)
    await leave()
    await goOnAtSimpleSamlPhp(page, hasScript)
    expect((await arrive(page, attempt)).claims()?.sub).toBe(claims?.sub)

    attempt = await enter(page, { prompt: 'login' })
    await leave()
    await signInAtSimpleSamlPhp(page, hasScript)
    expect((await arrive(page, attempt)).claims()?.sub).toBe(claims?.sub)
  })

test('an account with the same address is connected once its person has proven it', async ({
  page,
  corporate,
  estate,
  hasScript,
}) => {
  const { pool, enter, arrive, leave } = await corporate(page)
  const { sub } = await estate.person(pool, { email: ANN.email })
  let attempt = await enter(page)
  await leave()
  await signInAtSimpleSamlPhp(page, hasScript)
  await onPage(page, 'You already have an account')
  await press(page, 'Confirm it’s you')
  await signIn(page, { email: ANN.email, password: PASSWORD })
  await onPage(page, `Connect ${NAME}?`)
  await press(page, 'Connect')
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)

  await forgetUs(page)
  attempt = await enter(page)
  await leave()
  await goOnAtSimpleSamlPhp(page, hasScript)
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)
})

test('signing out here signs out there', async ({ page, corporate, hasScript }) => {
  const here = await corporate(page, { singleLogout: true })
  const attempt = await here.enter(page)
  await here.leave()
  await signInAtSimpleSamlPhp(page, hasScript)
  await here.arrive(page, attempt)
  await page.goto(`${here.base}/logout`)
  await press(page, 'Sign out')
  await onPage(page, 'You are signed out')
  await here.enter(page)
  await here.leave()
  await atSimpleSamlPhp(page)
})

test('signing out there signs out here', async ({ page, corporate, idp, hasScript }) => {
  const here = await corporate(page, { singleLogout: true })
  const attempt = await here.enter(page)
  await here.leave()
  await signInAtSimpleSamlPhp(page, hasScript)
  await here.arrive(page, attempt)
  const after = `${idp.address}/logout.php`
  await page.goto(`${idp.address}/saml2/idp/SingleLogoutService.php?${new URLSearchParams({ ReturnTo: after })}`)
  await expect(page).toHaveURL(after)
  await isSignedOut(page, here)
})

test('an answer that is posted again signs in nobody, here or in another browser', async ({
  page,
  corporate,
  hasScript,
  app,
  anotherBrowser,
}) => {
  const here = await corporate(page)
  const attempt = await here.enter(page)
  await here.leave()
  const posted = page.waitForRequest((request) => request.url().endsWith('/saml2/idpresponse'))
  await signInAtSimpleSamlPhp(page, hasScript)
  const fields = new URLSearchParams((await posted).postData() ?? '')
  await here.arrive(page, attempt)

  const inputs = [...fields].map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
  const body = `<form method="post" action="${here.base}/saml2/idpresponse">${inputs.join('')}<button>Again</button></form>`
  const elsewhere = await anotherBrowser()
  for (const browser of [page, elsewhere]) {
    await browser.route(`${app.origin}/again`, (route) => route.fulfill({ contentType: 'text/html', body }))
    await browser.goto(`${app.origin}/again`)
    await press(browser, 'Again')
    await onPage(browser, 'We do not know this sign-in')
  }
  await isSignedOut(elsewhere, here)
})
