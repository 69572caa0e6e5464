/** Cognito’s addresses that people bookmark: each starts a journey of its own. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { CALLBACK, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} }, users: [{}] })
  shop = await house.clients.shop.party()
  ;[ann] = house.people as [TestPerson]
})
after(() => house?.stop())

const address = (path: string, query: Record<string, string> = {}) =>
  `${house.issuer}${path}?${new URLSearchParams({ client_id: house.clients.shop.clientId, redirect_uri: CALLBACK, ...query })}`

describe('an address to bookmark', () => {
  for (const [path, step] of Object.entries({
    '/login': 'sign-in',
    '/signup': 'sign-up',
    '/forgotPassword': 'forgot-password',
  })) {
    it(`${path} with an app and its callback opens ${step}`, async () => {
      const through = browser()
      const page = await through.open(address(path))
      assert.equal(page.status, 200)
      assert.match(page.url.pathname, new RegExp(`/flow/[\\w-]+/${step}$`))
    })

    it(`${path} with an unknown app or callback shows a page, and redirects nowhere`, async () => {
      for (const wrong of [
        address(path, { client_id: 'nobody00000000000000000000' }),
        address(path, { redirect_uri: 'https://evil.example.com/' }),
        `${house.issuer}${path}`,
      ]) {
        const through = browser()
        const page = await through.open(wrong)
        assert.equal(through.departure, null)
        assert.equal(page.status, 400)
      }
    })
  }

  it('/login carries all parameters of an authorization request through', async () => {
    const attempt = await shop.begin()
    const through = browser()
    await through.open(address('/login', Object.fromEntries(attempt.url.searchParams)))
    await through.submit({ username: ann.username, password: ann.password })
    assert.equal((await shop.finish(attempt, through.callback())).claims()?.sub, ann.sub)
  })

  it('/login of somebody who is signed in goes straight back to the app', async () => {
    const through = browser()
    await through.open(address('/login'))
    await through.submit({ username: ann.username, password: ann.password })
    await through.open(address('/login'))
    assert.ok(through.callback().searchParams.get('code'))
  })

  it('/login without a scope means openid, or all of the app’s scopes where the pool is like Cognito', async () => {
    for (const [missingScopeMeansAll, scope] of [
      [false, 'openid'],
      [true, 'openid email profile'],
    ] as const) {
      const pool = await house.createPool({ settings: { compatibility: { missingScopeMeansAll } } })
      const party = await (await pool.createClient({ type: 'public' })).party()
      const person = await pool.createUser()
      const attempt = await party.begin()
      attempt.url.searchParams.delete('scope')
      const through = browser()
      await through.open(`${pool.issuer}/login?${attempt.url.searchParams}`)
      await through.submit({ username: person.username, password: person.password })
      const tokens = await party.finish(attempt, through.callback())
      assert.equal((await party.verified(tokens.access_token)).scope, scope)
    }
  })

  it('takes no post', async () => {
    const answer = await fetch(address('/login'), { method: 'POST', body: new URLSearchParams({ username: 'x' }) })
    assert.equal(answer.status, 405)
  })
})
