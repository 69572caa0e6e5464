import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { findApache, HOW_TO_INSTALL_APACHE, startApache } from '#tests/support/apache.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { startHeaderBackend } from '#tests/support/header-backend.ts'
import { type ProtectedSite, RULES } from '#tests/support/load-balancer.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { type SeededClient, seedPool } from '#tests/support/seed-pool.ts'
import { makeCertificate } from '#tests/support/tls-authority.ts'
import { startTlsProxy } from '#tests/support/tls-proxy.ts'

/**
 * AWS Application Load Balancer's `authenticate-oidc` action, played by Apache's mod_auth_openidc: two sites with a client
 * each on one pool, one presenting its secret by `client_secret_basic`, the other by `client_secret_post`. All of it is https.
 */
test.use({ ignoreHTTPSErrors: true })
test.describe.configure({ mode: 'serial' })

const isExcused = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('apache')
test.skip(findApache() === null && isExcused, HOW_TO_INSTALL_APACHE)

const ANN = { email: 'ann@example.com', password: 'correct horse battery staple' }

/** Ends what was started, last first. */
const started: (() => Promise<unknown>)[] = []
let issuer: string
let ann: string
let clients: Readonly<Record<'shop' | 'desk', SeededClient>>
let shop: string
let desk: string
let apacheLog: () => Promise<string>

test.beforeAll(async () => {
  // Certificates, a server and Apache are started here, on a machine that may be busy.
  test.setTimeout(120_000)
  const [port = 0, opsPort = 0, tlsPort = 0, shopPort = 0, deskPort = 0] = await freePorts(5)
  const origin = `https://localhost:${tlsPort}`
  shop = `https://shop.localhost:${shopPort}`
  desk = `https://desk.localhost:${deskPort}`

  const database = await freshDatabase()
  started.push(database.drop)
  const secret = randomBytes(32).toString('base64url')
  const protectedBy = (site: string) => ({
    callbackUrls: [`${site}/oauth2/idpresponse`],
    logoutUrls: [`${site}${RULES.allow}`],
    scopes: ['openid', 'email'],
  })
  const pool = await seedPool(
    { connectionString: database.connectionString, secret },
    {
      name: 'Behind a load balancer',
      clients: { shop: protectedBy(shop), desk: protectedBy(desk) },
      people: [{ attributes: { email: ANN.email, email_verified: true }, password: ANN.password }],
    },
  )
  clients = pool.clients
  ann = pool.people[0] ?? ''
  issuer = `${origin}/${pool.poolId}`

  const portico = await startPorticoProcess({
    origin,
    port,
    opsPort,
    databaseUrl: database.connectionString,
    env: { PORTICO_SECRET: secret, TRUSTED_PROXY_HOPS: '1' },
  })
  started.push(portico.stop)

  const folder = await mkdtemp(join(tmpdir(), 'portico-tls-'))
  started.push(() => rm(folder, { recursive: true, force: true }))
  const tls = await makeCertificate(folder, ['localhost', 'shop.localhost', 'desk.localhost'])
  const proxy = await startTlsProxy({ port: tlsPort, upstreamPort: port, ...tls })
  started.push(proxy.stop)

  const backend = await startHeaderBackend({
    signOutUrl: (host) => {
      const site = `https://${host}`
      const { clientId } = site === shop ? clients.shop : clients.desk
      return `${issuer}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: `${site}${RULES.allow}` })}`
    },
  })
  started.push(backend.stop)

  const site = (
    host: string,
    sitePort: number,
    client: SeededClient,
    way: ProtectedSite['action']['authentication'],
  ) => ({
    host,
    port: sitePort,
    action: {
      issuer,
      authorizationEndpoint: `${issuer}/oauth2/authorize`,
      tokenEndpoint: `${issuer}/oauth2/token`,
      userInfoEndpoint: `${issuer}/oauth2/userInfo`,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      clientId: client.clientId,
      clientSecret: client.clientSecret ?? '',
      authentication: way,
    },
  })
  const apache = await startApache({
    tls,
    backendPort: backend.port,
    sites: [
      site('shop.localhost', shopPort, clients.shop, 'client_secret_basic'),
      site('desk.localhost', deskPort, clients.desk, 'client_secret_post'),
    ],
  })
  started.push(apache.stop)
  apacheLog = apache.log
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

const headersShown = async (page: Page): Promise<Record<string, string>> =>
  JSON.parse((await page.locator('#headers').textContent()) ?? '{}') as Record<string, string>

const isBehind = (page: Page) => expect(page.getByRole('heading', { name: 'Behind the load balancer' })).toBeVisible()
const isOnSignIn = (page: Page) => expect(page).toHaveURL(new RegExp(`^${issuer}/flow/[^/]+/sign-in$`))

test('a first visit leads to sign-in and back to the page that was asked for, with claims for the app', async ({
  page,
}) => {
  await page.goto(`${shop}/orders?year=2030`)
  await isOnSignIn(page)
  await signIn(page)
  await expect(page).toHaveURL(`${shop}/orders?year=2030`)
  await isBehind(page)

  const headers = await headersShown(page)
  expect(headers['x-amzn-oidc-identity']).toBe(ann)
  expect(JSON.parse(headers['x-amzn-oidc-data'] ?? '{}')).toEqual({ sub: ann })
  const jwks = (await (await page.request.get(`${issuer}/.well-known/jwks.json`)).json()) as JSONWebKeySet
  const { payload } = await jwtVerify(headers['x-amzn-oidc-accesstoken'] ?? '', createLocalJWKSet(jwks), { issuer })
  expect(payload).toMatchObject({ sub: ann, client_id: clients.shop.clientId, token_use: 'access', scope: 'openid' })
})

test('a second app on the same pool asks for no second sign-in', async ({ page }) => {
  await page.goto(shop)
  await signIn(page)
  await isBehind(page)
  await page.goto(`${desk}/`)
  await isBehind(page)
  expect((await headersShown(page))['x-amzn-oidc-identity']).toBe(ann)
})

test('signing out at the app ends both sessions, and the next visit asks again', async ({ page }) => {
  await page.goto(shop)
  await signIn(page)
  await isBehind(page)
  await page.getByRole('link', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(`${shop}${RULES.allow}`)
  await expect(page.getByRole('heading', { name: 'Nobody is signed in' })).toBeVisible()
  await page.goto(shop)
  await isOnSignIn(page)
  await page.goto(desk)
  await isOnSignIn(page)
})

test('“deny” answers 401 to a stranger and lets a signed-in person through', async ({ page }) => {
  expect((await page.goto(`${shop}${RULES.deny}/orders`))?.status()).toBe(401)
  await page.goto(shop)
  await signIn(page)
  await isBehind(page)
  expect((await page.goto(`${shop}${RULES.deny}/orders`))?.status()).toBe(200)
  expect((await headersShown(page))['x-amzn-oidc-identity']).toBe(ann)
})

test('“allow” lets a stranger through without claims, and nobody brings claims of their own', async ({ page }) => {
  await page.setExtraHTTPHeaders({
    'x-amzn-oidc-identity': ann,
    'x-amzn-oidc-accesstoken': 'forged',
    'x-amzn-oidc-data': 'forged',
  })
  expect((await page.goto(`${shop}${RULES.allow}`))?.status()).toBe(200)
  await expect(page.getByRole('heading', { name: 'Nobody is signed in' })).toBeVisible()
  expect(Object.keys(await headersShown(page)).filter((name) => name.startsWith('x-amzn-oidc'))).toEqual([])
})

test('a wrong password stays on the sign-in page and says so, and the right one then goes on', async ({ page }) => {
  await page.goto(shop)
  await page.getByLabel('Email address').fill(ANN.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password at all')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await signIn(page)
  await isBehind(page)
})
