import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres/embedded-postgres.ts'
import { openEstate } from '#tests/support/estate.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { makeFront } from '#tests/support/front.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { signIn } from '#tests/support/screens/account.ts'
import { follow, onPage } from '#tests/support/screens/hosted-page.ts'
import { watch } from '#tests/support/watch.ts'
import { expect, newCredentials, test } from './journey.ts'

test('with the database away in the middle of a journey pages stay calm, and go on where they were when it returns', async ({
  browser,
  app,
}) => {
  test.setTimeout(120_000)
  const folder = await mkdtemp(join(tmpdir(), 'portico-outage-'))
  const start = () => startEmbeddedPostgres({ dataDir: join(folder, 'pg'), log: () => {}, isDurable: false })
  let postgres = await start()
  const [port = 0, opsPort = 0] = await freePorts(2)
  const secret = randomBytes(32).toString('base64url')
  const origin = `http://localhost:${port}`
  const portico = await startPorticoProcess({
    origin,
    port,
    opsPort,
    databaseUrl: postgres.connectionString,
    env: { PORTICO_SECRET: secret },
  })
  const estate = openEstate({ connectionString: postgres.connectionString, secret })
  const context = await browser.newContext({ locale: 'en-GB' })
  try {
    const { complaints } = watch(context, [origin, app.origin])
    const page = await context.newPage()
    const shop = await makeFront(estate, origin, app)()
    const ines = newCredentials()
    await estate.person(shop.pool, { email: ines.email })
    const attempt = await shop.enter(page)
    await onPage(page, /^Sign in to/)

    await postgres.stop()
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await signIn(page, ines)
    const refused = await answer
    expect(refused.status()).toBe(503)
    expect(Number(refused.headers()['retry-after'])).toBeGreaterThan(0)
    await onPage(page, /problem on our side/)
    await expect(page.getByText('Your details are safe.')).toBeVisible()
    await expect(page.getByText(/Reference/)).toBeVisible()
    expect(await page.content()).not.toMatch(/postgres|prisma|ECONN|at .+:\d+:\d+/i)
    const tab = await context.newPage()
    const login = `${shop.base}/login?client_id=${shop.client.clientId}&redirect_uri=${encodeURIComponent(app.callback)}`
    expect((await tab.goto(login))?.status()).toBe(503)
    await onPage(tab, /problem on our side/)
    expect((await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status).toBe(503)
    expect((await fetch(`http://127.0.0.1:${opsPort}/livez`)).status).toBe(200)

    postgres = await start()
    await expect(async () => {
      await tab.goto(login)
      await onPage(tab, /^Sign in to/)
    }).toPass({ timeout: 30_000 })
    // The journey that was interrupted goes on where it was.
    await follow(page, 'Try again')
    await onPage(page, /^Sign in to/)
    await signIn(page, ines)
    await shop.arrive(page, attempt)
    expect(complaints).toEqual([])
  } finally {
    await context.close()
    await estate.close()
    await portico.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
