import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, request, test } from '@playwright/test'
import { freshDatabase } from '#tests/support/database.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { findMellon, HOW_TO_INSTALL_MELLON, PAGES, startMellon } from '#tests/support/mellon.ts'
import { commandLine } from '#tests/support/portico-command.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { seedPool } from '#tests/support/seed-pool.ts'
import { makeCertificate } from '#tests/support/tls-authority.ts'
import { startTlsProxy } from '#tests/support/tls-proxy.ts'

/**
 * Portico as a SAML identity provider for two sites of Apache's mod_auth_mellon (lasso, xmlsec), which share no code with ours:
 * metadata goes both ways as operators carry it. All of it is https.
 */
test.use({ ignoreHTTPSErrors: true })
test.describe.configure({ mode: 'serial' })

const isExcused = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('mellon')
test.skip(findMellon() === null && isExcused, HOW_TO_INSTALL_MELLON)

const ANN = { email: 'ann@example.com', password: 'correct horse battery staple' }

/** Ends what was started, last first. */
const started: (() => Promise<unknown>)[] = []
let issuer: string
let wiki: string
let desk: string
let apacheLog: () => Promise<string>

test.beforeAll(async () => {
  // Certificates, a server and Apache are started here, on a machine that may be busy.
  test.setTimeout(120_000)
  const [port = 0, opsPort = 0, tlsPort = 0, wikiPort = 0, deskPort = 0] = await freePorts(5)
  const origin = `https://localhost:${tlsPort}`
  wiki = `https://wiki.localhost:${wikiPort}`
  desk = `https://desk.localhost:${deskPort}`

  const { connectionString, drop } = await freshDatabase()
  started.push(drop)
  const secret = randomBytes(32).toString('base64url')
  const { poolId } = await seedPool(
    { connectionString, secret },
    {
      name: 'People of the wiki',
      clients: {},
      people: [{ attributes: { email: ANN.email, email_verified: true }, password: ANN.password }],
    },
  )
  issuer = `${origin}/${poolId}`
  const portico = await startPorticoProcess({
    origin,
    port,
    opsPort,
    databaseUrl: connectionString,
    env: { PORTICO_SECRET: secret, TRUSTED_PROXY_HOPS: '1' },
  })
  started.push(portico.stop)

  const folder = await mkdtemp(join(tmpdir(), 'portico-mellon-'))
  started.push(() => rm(folder, { recursive: true, force: true }))
  const tls = await makeCertificate(folder, ['localhost', 'wiki.localhost', 'desk.localhost'])
  const proxy = await startTlsProxy({ port: tlsPort, upstreamPort: port, ...tls })
  started.push(proxy.stop)

  const operator = await request.newContext({ ignoreHTTPSErrors: true })
  started.push(() => operator.dispose())
  // Names below `.localhost` are known to browsers alone: the host goes along by hand.
  const textAt = async (url: string) => {
    const { host, port: at, pathname } = new URL(url)
    return (await operator.get(`https://localhost:${at}${pathname}`, { headers: { host } })).text()
  }
  const sites = [
    { host: 'wiki.localhost', port: wikiPort },
    { host: 'desk.localhost', port: deskPort },
  ]
  const idpMetadata = await textAt(`${issuer}/saml2/idp/metadata`)
  const apache = await startMellon(sites, { folder, tls, idpMetadata })
  started.push(apache.stop)
  apacheLog = apache.log

  const installation = { origin, connectionString, secret }
  for (const [name, site] of [
    ['Wiki', wiki],
    ['Desk', desk],
  ] as const) {
    const file = join(folder, `${name}.xml`)
    await writeFile(file, await textAt(`${site}${PAGES.metadata}`))
    await commandLine(
      installation,
      ...['clients', 'create', name, '--pool', poolId, '--saml-metadata', file],
      ...['saml.attributes.email.name=mail', 'saml.attributes.cognito:groups.name=groups'],
    )
  }
  await commandLine(installation, 'groups', 'create', 'editors', '--pool', poolId)
  await commandLine(installation, 'groups', 'add', 'editors', ANN.email, '--pool', poolId)
})

test.afterAll(async () => {
  for (const stop of started.reverse()) await stop()
})

test.afterEach(async ({ page: _ }, info) => {
  if (info.status !== info.expectedStatus) await info.attach('apache', { body: await apacheLog() })
})

const signIn = async (page: Page): Promise<void> => {
  await page.getByLabel('Email address').fill(ANN.email)
  await page.getByLabel('Password', { exact: true }).fill(ANN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const isInside = (page: Page) => expect(page.getByRole('heading', { name: 'Welcome to the wiki' })).toBeVisible()
const isOnSignIn = (page: Page) => expect(page).toHaveURL(new RegExp(`^${issuer}/flow/[^/]+/sign-in$`))

test('a first visit leads to sign-in and back to the page that was asked for, with what the site is told', async ({
  page,
}) => {
  await page.goto(`${wiki}/?year=2030`)
  await isOnSignIn(page)
  await signIn(page)
  await expect(page).toHaveURL(`${wiki}/?year=2030`)
  await isInside(page)
  await expect(page.locator('#user')).not.toBeEmpty()
  await expect(page.locator('#mail')).toHaveText(ANN.email)
  await expect(page.locator('#groups')).toHaveText('editors')
})

test('a second site of the pool asks for no second sign-in, and knows the person by another name', async ({ page }) => {
  await page.goto(wiki)
  await signIn(page)
  await isInside(page)
  const name = await page.locator('#user').textContent()
  await page.goto(desk)
  await isInside(page)
  await expect(page).toHaveURL(`${desk}/`)
  await expect(page.locator('#user')).not.toHaveText(name ?? '')
})

test('signing out at one site signs out at the other and here, and the next visit asks again', async ({ page }) => {
  await page.goto(wiki)
  await signIn(page)
  await isInside(page)
  await page.goto(desk)
  await isInside(page)
  await page.getByRole('link', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You have left the wiki' })).toBeVisible()
  await expect(page).toHaveURL(`${desk}${PAGES.left}`)
  for (const site of [wiki, desk]) {
    await page.goto(site)
    await isOnSignIn(page)
  }
})

test('signing out here signs out at the sites', async ({ page }) => {
  await page.goto(wiki)
  await signIn(page)
  await isInside(page)
  await page.goto(`${issuer}/logout`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(`${issuer}/logout/success`)
  await page.goto(wiki)
  await isOnSignIn(page)
})

test('without scripts a button carries the answer over', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ignoreHTTPSErrors: true })
  const page = await context.newPage()
  await page.goto(wiki)
  await signIn(page)
  await page.getByRole('button', { name: 'Continue' }).click()
  await isInside(page)
  await context.close()
})
