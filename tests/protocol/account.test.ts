/** A person's own account: who may come in, what ends where, and what a session alone cannot do. Attacks 11, 25, 51, 56. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accountOf, atAccount, fieldsOf, shownAccount } from '#tests/support/account-pages.ts'
import { type FormBrowser, browser as newBrowser } from '#tests/support/form-browser.ts'
import { refusalOf, refusedAtOnce } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { PASSWORD, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())

const sameOrigin = { headers: { 'sec-fetch-site': 'same-origin' } }
const press = (browser: FormBrowser, button: string, filling: Record<string, string> = {}) =>
  browser.submit(filling, { button })
const eventsOf = async ({ sub }: TestPerson): Promise<string[]> => {
  const { rows } = await house.house.database.pool.query<{ type: string; outcome: string }>(
    `SELECT type, outcome FROM auth_event WHERE pool_id = $1 AND sub = $2 AND type NOT IN ('sign_in', 'user.created') ORDER BY id`,
    [house.poolId, sub],
  )
  return rows.map(({ type, outcome }) => `${type} ${outcome}`)
}

describe('the way into one’s own account', () => {
  it('asks for a sign-in, and leads to the page that was asked for', async () => {
    const browser = await atAccount(house.issuer, await house.createUser(), { page: 'sessions' })
    assert.equal(browser.page.url.href, accountOf(house.issuer, 'sessions'))
    assert.equal(shownAccount(browser).title, 'sessions')
  })

  it('is open to who is signed in to an app of the pool', async () => {
    const { browser } = await signInWith(shop, await house.createUser())
    await browser.open(accountOf(house.issuer))
    assert.equal(shownAccount(browser).title, 'overview')
  })

  it('is closed to who is signed in to another pool', async () => {
    const other = await house.createPool()
    const browser = await atAccount(other.issuer, await other.createUser())
    await browser.open(accountOf(house.issuer))
    assert.match(browser.page.url.pathname, /\/flow\//)
  })

  it('closes with a sign-out, an end everywhere, a disabled account and a deleted one', async () => {
    for (const end of ['sign-out', 'everywhere', 'disable', 'delete'] as const) {
      const ann = await house.createUser()
      const browser = await atAccount(house.issuer, ann)
      const whom = { pool: house.pool, sub: ann.sub }
      if (end === 'sign-out') {
        await browser.open(`${house.issuer}/logout`)
        await browser.submit({}, { button: 'Sign out' })
      } else if (end === 'everywhere') await house.admin.users.signOut(whom)
      else if (end === 'disable') await house.admin.users.disable(whom)
      else await house.admin.users.delete(whom)
      await browser.open(accountOf(house.issuer))
      assert.match(browser.page.url.pathname, /\/flow\//, end)
    }
  })

  it('is open for a quarter of an hour where no session is reused, and to who signed in for it alone', async () => {
    const strict = await house.createPool({ settings: { session: { maxMinutes: 0 } } })
    const ann = await strict.createUser()
    const party = await (await strict.createClient()).party()
    const { browser } = await signInWith(party, ann)
    await browser.open(accountOf(strict.issuer))
    assert.match(browser.page.url.pathname, /\/flow\//)
    await browser.submit({ username: ann.username, password: ann.password })
    await browser.open(accountOf(strict.issuer, 'sessions'))
    assert.equal(shownAccount(browser).title, 'sessions')
    const attempt = await party.begin()
    await browser.open(attempt.url)
    assert.match(browser.page.url.pathname, /\/flow\//)
  })

  it('comes back to nothing but a page of the account', async () => {
    const browser = await atAccount(house.issuer, await house.createUser())
    for (const state of ['https://evil.example', '//evil.example', '/\\evil.example', '../logout', 'confirm', '']) {
      await browser.open(`${accountOf(house.issuer, 'callback')}?state=${encodeURIComponent(state)}&code=x`)
      assert.equal(browser.page.url.href, accountOf(house.issuer), state)
    }
  })

  it('gives a code that nobody can redeem', async () => {
    const browser = await atAccount(house.issuer, await house.createUser())
    const callback = browser.page.trail.find(({ pathname }) => pathname.endsWith('/account/callback'))
    const answer = await fetch(`${house.issuer}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'porticoaccount000000000000',
        code: callback?.searchParams.get('code') ?? '',
        redirect_uri: accountOf(house.issuer, 'callback'),
        code_verifier: 'a'.repeat(43),
      }),
    })
    assert.equal(answer.status, 400)
  })

  it('is its own window, and is kept nowhere', async () => {
    const browser = await atAccount(house.issuer, await house.createUser())
    assert.equal(browser.page.headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(browser.page.headers['cache-control'], 'no-store')
    assert.match(String(browser.page.headers['content-security-policy']), /default-src 'none'/)
  })

  it('has exact addresses', async () => {
    const browser = await atAccount(house.issuer, await house.createUser())
    for (const path of ['overview', 'passwords', 'sessions/', 'sessions/x']) {
      await browser.open(accountOf(house.issuer, path))
      assert.equal(browser.page.status, 404, path)
    }
  })

  it('is where a password manager finds the change of a password', async () => {
    const browser = await atAccount(house.issuer, await house.createUser())
    await browser.open(`${house.issuer}/.well-known/change-password`)
    assert.equal(shownAccount(browser).title, 'password')
  })
})

describe('a form of the account', () => {
  it('does nothing with the token of another session, a forged one, none, or from another site', async () => {
    const ann = await house.createUser()
    const elsewhere = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    const mallory = await atAccount(house.issuer, await house.createUser(), { page: 'sessions' })
    const post = (fields: Record<string, string>, from = sameOrigin) =>
      browser.send('POST', accountOf(house.issuer, 'sessions'), { ...fields, _intent: 'end-others' }, from)
    const own = fieldsOf(browser)
    for (const token of [fieldsOf(mallory)._token ?? '', 'forged', '']) {
      await post({ ...own, _token: token })
      assert.equal(shownAccount(browser).failure, 'account.formStale')
    }
    await post(own, { headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(shownAccount(browser).failure, 'account.formStale')
    await shop.userInfo(elsewhere.tokens.access_token, ann.sub)
  })

  it('is taken from nobody who is not signed in', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    const fields = { ...fieldsOf(browser), _intent: 'end-others' }
    const stranger = newBrowser()
    await stranger.open(`${house.issuer}/logout/success`)
    await stranger.send('POST', accountOf(house.issuer, 'sessions'), fields, sameOrigin)
    assert.match(stranger.page.url.pathname, /\/flow\//)
    await browser.open(accountOf(house.issuer))
    assert.equal(shownAccount(browser).title, 'overview')
  })
})

describe('sessions', () => {
  it('are listed with their apps, and this one is marked', async () => {
    const ann = await house.createUser()
    await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    const { sessions } = shownAccount(browser, 'sessions').content
    assert.deepEqual(
      sessions.map(({ isHere, apps }) => [isHere, apps.length]),
      [
        [true, 0],
        [false, 1],
      ],
    )
  })

  it('are ended one by one, with all their tokens, at once', async () => {
    const ann = await house.createUser()
    const there = await signInWith(shop, ann)
    const third = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    const target = shownAccount(browser, 'sessions').content.sessions.at(-1)
    await press(browser, 'end', { id: target?.id ?? '' })
    assert.equal(shownAccount(browser).notice, 'sessionEnded')
    const honoured = await Promise.all(
      [there, third].map(({ tokens }) =>
        shop.userInfo(tokens.access_token, ann.sub).then(
          () => true,
          () => false,
        ),
      ),
    )
    assert.deepEqual(honoured.sort(), [false, true])
    assert.equal(shownAccount(browser, 'sessions').content.sessions.length, 2)
    assert.deepEqual(await eventsOf(ann), ['sign_out success'])
  })

  it('are ended all at once but this one', async () => {
    const ann = await house.createUser()
    const there = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    await press(browser, 'end-others')
    assert.equal(shownAccount(browser).notice, 'othersEnded')
    assert.equal(await refusalOf(shop.userInfo(there.tokens.access_token, ann.sub)), 'invalid_token')
    assert.equal(await refusalOf(shop.refresh(there.tokens.refresh_token ?? '')), 'invalid_grant')
    assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, there.browser), 'login_required')
    assert.equal(shownAccount(browser, 'sessions').content.sessions.length, 1)
  })

  it('of others cannot be ended, whatever id is posted', async () => {
    const bo = await house.createUser()
    const theirs = await signInWith(shop, bo)
    const his = await atAccount(house.issuer, bo, { page: 'sessions' })
    const ids = shownAccount(his, 'sessions').content.sessions.map(({ id }) => id)
    const browser = await atAccount(house.issuer, await house.createUser(), { page: 'sessions' })
    for (const id of [...ids, bo.sub, '', "' OR true --"]) {
      await press(browser, 'end', { id })
      assert.equal(shownAccount(browser).failure, 'account.sessionMissing')
    }
    await shop.userInfo(theirs.tokens.access_token, bo.sub)
  })
})

describe('one’s own password', () => {
  const next = 'another horse battery staple'

  it('is changed with the present one, and signs out everybody else', async () => {
    const ann = await house.createUser()
    const there = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'password' })
    await press(browser, 'change', { current: PASSWORD, password: next })
    assert.equal(shownAccount(browser).notice, 'passwordChanged')
    assert.equal(await refusalOf(shop.userInfo(there.tokens.access_token, ann.sub)), 'invalid_token')
    await signInWith(shop, { ...ann, password: next })
    assert.ok((await house.inbox(ann.username)).some(({ purpose }) => purpose === 'password-changed'))
  })

  it('stays with a wrong present one, which is written down', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'password' })
    await press(browser, 'change', { current: 'wrong', password: next })
    assert.equal(shownAccount(browser).failure, 'signin.failed')
    assert.deepEqual(await eventsOf(ann), ['password.changed failure'])
    await signInWith(shop, ann)
  })
})
