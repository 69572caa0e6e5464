import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type DemoApp, startDemoApp } from '#server/demo/demo-app.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { type ServerUnderTest, startServer } from '#tests/support/portico-server.ts'
import type { SeededClient } from '#tests/support/seed-pool.ts'

const ANN = { username: 'ann@example.com', password: 'correct horse battery staple' }

let server: ServerUnderTest
let app: DemoApp
let client: SeededClient

before(async () => {
  server = await startServer()
  const [port = 0] = await freePorts(1)
  const origin = `http://localhost:${port}`
  const pool = await server.seed({
    name: 'Demo',
    clients: { demo: { callbackUrls: [`${origin}/callback`], logoutUrls: [`${origin}/signed-out`] } },
    people: [{ attributes: { email: ANN.username, email_verified: true, name: 'Ann' }, password: ANN.password }],
  })
  client = pool.clients.demo
  app = await startDemoApp({
    issuer: server.issuerOf(pool),
    clientId: client.clientId,
    clientSecret: client.clientSecret ?? null,
    port,
  })
})
after(async () => {
  await app.stop()
  await server.stop()
})

/** At home at both origins, as a person's browser is. */
const visit = async (): Promise<FormBrowser> => {
  const through = browser()
  await through.open(server.origin)
  await through.open(app.url)
  return through
}

const signedIn = async (): Promise<FormBrowser> => {
  const through = await visit()
  await through.follow('Sign in')
  await through.submit(ANN)
  return through
}

describe('the demo app against Portico', () => {
  it('shows who signed in, and the verified claims of both tokens and of userInfo', async () => {
    const { page } = await signedIn()
    assert.equal(page.url.href, `${app.url}/`)
    assert.match(page.text, /Signed in as Ann/)
    for (const words of ['token_use id', 'token_use access', `client_id ${client.clientId}`, 'email_verified true']) {
      assert.ok(page.text.includes(words), words)
    }
    assert.ok(!page.text.includes('Refused'))
  })

  it('gets fresh tokens, and keeps the person signed in', async () => {
    const through = await signedIn()
    await through.submit({}, { button: 'Get fresh tokens' })
    assert.match(through.page.text, /The pool has sent fresh tokens. Signed in as Ann/)
  })

  it('signs out at the pool, so that the next sign-in asks again', async () => {
    const through = await signedIn()
    await through.submit({}, { button: 'Sign out' })
    if (through.page.url.origin === server.origin) await through.submit({}, { button: 'Sign out' })
    assert.match(through.page.text, /You have signed out, here and at the pool/)
    await through.follow('Sign in')
    assert.ok(through.page.forms.some(({ controls }) => controls.some(({ name }) => name === 'password')))
  })

  it('opens the pages for a new account and for a forgotten password, inside a sign-in of its own', async () => {
    for (const [label, step] of [
      ['Create an account', 'sign-up'],
      ['Forgot password', 'forgot-password'],
    ] as const) {
      const through = await visit()
      await through.follow(label)
      assert.ok(through.page.url.pathname.endsWith(`/${step}`), through.page.url.pathname)
    }
  })

  it('says in words that a sign-in was cancelled', async () => {
    const through = await visit()
    await through.follow('Sign in')
    await through.submit(ANN, { tamper: { _intent: 'cancel' } })
    assert.match(through.page.text, /You did not sign in .* access_denied/)
  })
})
