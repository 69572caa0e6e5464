/** OpenID Connect Back-Channel Logout 1.0: whatever ends a session, its apps are told. Line 24 of docs/conformance.md. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { accountOf, atAccount, shownAccount } from '#tests/support/account-pages.ts'
import { type FormBrowser, browser as newBrowser } from '#tests/support/form-browser.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { SIGNED_OUT, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'
import { type Told, type ToldApp, toldApp } from '#tests/support/told-app.ts'

let app: ToldApp
let house: TestHouse<'shop' | 'quiet' | 'coarse'>
let shop: RelyingParty
before(async () => {
  app = await toldApp()
  house = await startTestHouse(null, {
    clients: {
      shop: { backchannelLogoutUrl: `${app.origin}/shop?tenant=1` },
      quiet: {},
      coarse: { backchannelLogoutUrl: `${app.origin}/coarse`, backchannelLogoutSessionRequired: false },
    },
  })
  shop = await house.clients.shop.party()
})
after(async () => {
  await house?.stop()
  await app?.stop()
})
beforeEach(() => {
  Object.assign(app, { calls: [], answer: 200 })
})

const verified = async ({ token }: Told, { issuer, clientId }: { issuer: string; clientId: string }) => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
  return jwtVerify(token, keys, { issuer, audience: clientId, typ: 'logout+jwt' })
}
const sessionOf = ({ token }: Told) => decodeJwt(token).sid
const signedIn = async (person: TestPerson, party = shop, through = newBrowser()) => {
  const { tokens, browser } = await signInWith(party, person, { through })
  return { sid: tokens.claims()?.sid, idToken: tokens.id_token ?? '', browser }
}
const queued = async (poolId = house.poolId): Promise<number> => {
  const { rows } = await house.house.database.pool.query('SELECT id FROM app_sign_out WHERE pool_id = $1', [poolId])
  return rows.length
}
const leave = (browser: FormBrowser, idToken: string) =>
  browser.open(
    `${house.issuer}/logout?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: SIGNED_OUT })}`,
  )

describe('an app that asked to be told', () => {
  it('reads in discovery that it will be, with sessions', () => {
    const metadata = shop.config.serverMetadata()
    assert.equal(metadata.backchannel_logout_supported, true)
    assert.equal(metadata.backchannel_logout_session_supported, true)
    assert.ok(metadata.claims_supported?.includes('sid'))
  })

  it('gets one logout token, signed by its pool, for the session of its ID token', async () => {
    const ann = await house.createUser()
    const { sid, idToken, browser } = await signedIn(ann)
    assert.ok(sid)
    await leave(browser, idToken)
    assert.equal(browser.callback().href, SIGNED_OUT)
    const [told] = await app.have(1)
    assert.ok(told)
    assert.equal(told.path, '/shop?tenant=1')
    assert.equal(told.headers['content-type'], 'application/x-www-form-urlencoded')
    const { payload, protectedHeader } = await verified(told, { ...house, ...house.clients.shop })
    const { iat = 0, exp = 0, jti, ...claims } = payload
    assert.deepEqual(claims, {
      iss: house.issuer,
      aud: house.clients.shop.clientId,
      sub: ann.sub,
      sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    assert.ok(jti)
    assert.equal(exp - iat, 120)
    assert.equal(protectedHeader.typ, 'logout+jwt')
  })

  it('is told of the person alone where it wants no session, and its ID tokens name none', async () => {
    const ann = await house.createUser()
    const { sid, idToken, browser } = await signedIn(ann, await house.clients.coarse.party())
    assert.equal(sid, undefined)
    await leave(browser, idToken)
    const [told] = await app.have(1)
    assert.equal(told?.path, '/coarse')
    const { sub, sid: session } = decodeJwt(told?.token ?? '')
    assert.deepEqual([sub, session], [ann.sub, undefined])
  })

  it('is told with every other app of that browser, and of no other browser', async () => {
    const ann = await house.createUser()
    const here = await signedIn(ann)
    await signedIn(ann, await house.clients.coarse.party(), here.browser)
    await signedIn(ann, await house.clients.quiet.party(), here.browser)
    await signedIn(ann)
    await leave(here.browser, here.idToken)
    const told = await app.have(2)
    assert.deepEqual(told.map(({ path }) => path).sort(), ['/coarse', '/shop?tenant=1'])
    assert.deepEqual(
      told.flatMap((one) => sessionOf(one) ?? []),
      [here.sid],
    )
  })

  it('is told by its own pool alone', async () => {
    const other = await house.createPool()
    const theirs = await other.createClient({ backchannelLogoutUrl: `${app.origin}/other` })
    const bo = await other.createUser()
    const { tokens, browser } = await signInWith(await theirs.party(), bo)
    const ann = await house.createUser()
    const here = await signedIn(ann, shop, browser)
    await leave(browser, here.idToken)
    const [told] = await app.have(1)
    assert.equal(sessionOf(told as Told), here.sid)
    assert.equal(await queued(other.poolId), 0)
    await other.changeSettings({})
    await browser.open(`${other.issuer}/logout?${new URLSearchParams({ id_token_hint: tokens.id_token ?? '' })}`)
    const [, second] = await app.have(2)
    await verified(second as Told, { issuer: other.issuer, clientId: theirs.clientId })
  })

  it('hears nothing of a session of an app that did not ask', async () => {
    const ann = await house.createUser()
    const { sid, idToken, browser } = await signedIn(ann, await house.clients.quiet.party())
    assert.equal(sid, undefined)
    await leave(browser, idToken)
    assert.equal(await queued(), 0)
  })
})

describe('an app that does not take note', () => {
  /** Events that say what became of it; waits for the first. */
  const outcomes = async ({ sub }: TestPerson): Promise<string[]> => {
    for (;;) {
      const { rows } = await house.house.database.pool.query<{ outcome: string; client_id: string; because: string }>(
        `SELECT outcome, client_id, detail->>'because' AS because FROM auth_event
         WHERE pool_id = $1 AND sub = $2 AND type = 'sign_out.told'`,
        [house.poolId, sub],
      )
      if (rows.length > 0) return rows.map((row) => `${row.outcome} ${row.client_id} ${row.because}`)
    }
  }

  it('is told again once it is back, and the person waits for neither', async () => {
    app.answer = null
    const ann = await house.createUser()
    const { sid, idToken, browser } = await signedIn(ann)
    await leave(browser, idToken)
    assert.equal(browser.callback().href, SIGNED_OUT)
    await app.have(1)
    app.hangUp()
    app.answer = 204
    const [first, second] = await app.have(2)
    assert.deepEqual([sessionOf(first as Told), sessionOf(second as Told)], [sid, sid])
    assert.notEqual(decodeJwt(first?.token ?? '').jti, decodeJwt(second?.token ?? '').jti)
    assert.deepEqual(await outcomes(ann), [`success ${house.clients.shop.clientId} null`])
  })

  it('is left alone when it refuses the token', async () => {
    app.answer = 400
    const ann = await house.createUser()
    const { idToken, browser } = await signedIn(ann)
    await leave(browser, idToken)
    await app.have(1)
    assert.deepEqual(await outcomes(ann), [`failure ${house.clients.shop.clientId} it answered 400`])
  })
})

describe('every way of signing out tells the apps', () => {
  const sids = async (calls: number) => (await app.have(calls)).map(sessionOf).sort()

  it('one session ended in the account, from another browser', async () => {
    const ann = await house.createUser()
    const elsewhere = await signedIn(ann)
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    const other = shownAccount(browser, 'sessions').content.sessions.find(({ isHere }) => !isHere)
    await browser.submit({ id: other?.id ?? '' }, { button: 'end' })
    assert.deepEqual(await sids(1), [elsewhere.sid])
  })

  it('all others ended in the account', async () => {
    const ann = await house.createUser()
    const others = [await signedIn(ann), await signedIn(ann)]
    const browser = await atAccount(house.issuer, ann, { page: 'sessions' })
    await signedIn(ann, shop, browser)
    await browser.open(accountOf(house.issuer, 'sessions'))
    await browser.submit({}, { button: 'end-others' })
    assert.deepEqual(await sids(2), others.map(({ sid }) => sid).sort())
  })

  it('on all devices, from the page of a sign-out', async () => {
    const ann = await house.createUser()
    const all = [await signedIn(ann), await signedIn(ann)]
    const [here] = all
    await here?.browser.open(`${house.issuer}/logout`)
    await here?.browser.submit({ everywhere: true }, { button: 'Sign out' })
    assert.deepEqual(await sids(2), all.map(({ sid }) => sid).sort())
  })

  it('a password changed in the account, which signs out everybody else', async () => {
    const ann = await house.createUser()
    const { sid } = await signedIn(ann)
    const browser = await atAccount(house.issuer, ann, { page: 'password' })
    await browser.submit({ current: ann.password, password: 'another horse battery staple' }, { button: 'change' })
    assert.equal(shownAccount(browser).notice, 'passwordChanged')
    assert.deepEqual(await sids(1), [sid])
  })

  it('the account closed by its person', async () => {
    const ann = await house.createUser()
    const { sid } = await signedIn(ann)
    const browser = await atAccount(house.issuer, ann, { page: 'delete' })
    await browser.submit({}, { button: 'delete' })
    assert.deepEqual(await sids(1), [sid])
  })

  for (const act of ['signOut', 'disable', 'delete'] as const)
    it(`by an administrator: ${act}`, async () => {
      const ann = await house.createUser()
      const all = [await signedIn(ann), await signedIn(ann)]
      await house.admin.users[act]({ pool: house.pool, sub: ann.sub })
      assert.deepEqual(await sids(2), all.map(({ sid }) => sid).sort())
    })

  it('an app that goes on by its refresh token after the session expired', async () => {
    const ann = await house.createUser()
    const { sid } = await signedIn(ann)
    await house.house.database.pool.query(
      `DELETE FROM oidc_artifact WHERE pool_id = $1 AND sub = $2 AND kind = 'Session'`,
      [house.poolId, ann.sub],
    )
    await house.admin.users.signOut({ pool: house.pool, sub: ann.sub })
    assert.deepEqual(await sids(1), [sid])
  })
})
