import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type DemoApp, startDemoApp } from './demo-app.ts'
import { signedInPage } from './demo-pages.ts'

// Port 9 is the discard service: nothing answers there, which is the point.
const AWAY = 'http://localhost:9/eu-local-1_AbCdEfGhI'

describe('the demo app', () => {
  let app: DemoApp
  before(async () => {
    app = await startDemoApp({ issuer: AWAY, clientId: 'demo', clientSecret: 'secret', port: 0 })
  })
  after(() => app.stop())
  const ask = (path: string, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: 'manual', ...init })

  it('offers the three ways in, without any script', async () => {
    const answer = await ask('/')
    const page = await answer.text()
    for (const path of ['/sign-in', '/sign-up', '/forgot-password']) assert.ok(page.includes(`href="${path}"`))
    assert.ok(!page.includes('<script'))
    assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
  })

  it('says so calmly when the pool does not answer', async () => {
    const answer = await ask('/sign-in')
    assert.equal(answer.status, 503)
    assert.match(await answer.text(), /The pool is away/)
  })

  it('refuses an answer that belongs to no sign-in of this browser', async () => {
    const answer = await ask('/callback?code=stolen&state=guessed')
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('set-cookie'), null)
  })

  it('refuses to sign anyone out for another site', async () => {
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      assert.equal((await ask('/sign-out', { method: 'POST', headers })).status, 403)
    }
  })

  it('answers 404 and 405 where nothing is', async () => {
    assert.equal((await ask('/nothing')).status, 404)
    assert.equal((await ask('/', { method: 'DELETE' })).status, 405)
  })
})

describe('the signed-in page', () => {
  it('shows claims as text, whatever they hold', () => {
    const page = signedInPage(
      { issuer: AWAY, inboxUrl: null },
      {
        name: '<b>Ann</b>',
        idToken: { claims: { '<i>': '"><script>alert(1)</script>', exp: 1_900_000_000 } },
        accessToken: { refused: '<u>' },
        userInfo: { note: 'none' },
        mayRefresh: true,
        notice: null,
      },
    )
    assert.ok(!/<script|<b>|<i>|<u>/.test(page))
    assert.ok(page.includes('2030-03-17 17:46:40 UTC'))
  })
})
