/** What a session alone cannot do: sensitive acts ask for a proof of the last ten minutes. Attacks 50 and 51. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { stepAt } from '#core/factors/index.ts'
import { accountOf, atAccount, shownAccount } from '#tests/support/account-pages.ts'
import type { FormBrowser } from '#tests/support/form-browser.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { PASSWORD, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const MINUTE = 60
const apps = authenticatorApps(systemRandom)

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} }, settings: { mfa: 'optional' } })
  // From here on the clock stands still, and moves when it is told to.
  house.travel(0)
})
after(() => house?.stop())

const press = (browser: FormBrowser, button: string, filling: Record<string, string> = {}) =>
  browser.submit(filling, { button })

/** A person with an authenticator app, and what it shows now. */
const withApp = async (): Promise<TestPerson & { codeNow: () => string }> => {
  const person = await house.createUser()
  const secret = apps.newSecret()
  const factor = {
    poolId: house.poolId,
    sub: person.sub,
    id: 'totp',
    kind: 'totp',
    name: null,
    address: null,
    credentialId: null,
    passkey: null,
    counter: 0,
    createdAt: new Date(),
    secret,
  } as const
  await house.house.ports.factors.enrol(factor, { events: [] })
  return { ...person, codeNow: () => apps.codeAt(secret, stepAt(new Date())) }
}

describe('a session of more than ten minutes ago', () => {
  it('changes no password, and comes back from a new proof to do it', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'password' })
    assert.equal(shownAccount(browser).isFresh, true)
    house.travel(11 * MINUTE)
    await press(browser, 'change', { current: PASSWORD, password: 'another horse battery staple' })
    assert.equal(shownAccount(browser).failure, 'account.notFresh')
    assert.equal(shownAccount(browser).isFresh, false)
    await browser.open(`${accountOf(house.issuer, 'confirm')}?for=password`)
    await browser.submit({ username: ann.username, password: ann.password })
    assert.equal(browser.page.url.href, accountOf(house.issuer, 'password'))
    assert.equal(shownAccount(browser).isFresh, true)
    await press(browser, 'change', { current: PASSWORD, password: 'another horse battery staple' })
    assert.equal(shownAccount(browser).notice, 'passwordChanged')
  })

  it('sets up no factor: the way to it asks who is there first', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    house.travel(11 * MINUTE)
    await browser.open(`${accountOf(house.issuer, 'confirm')}?for=methods&add=totp`)
    assert.doesNotMatch(browser.page.body, /id="key"/)
    await browser.submit({ username: ann.username, password: ann.password })
    assert.match(browser.page.body, /id="key"/)
  })

  it('comes back from its second factor to the page it was on', async () => {
    const ann = await withApp()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    assert.equal(shownAccount(browser).isFresh, true)
    house.travel(11 * MINUTE)
    await browser.open(`${accountOf(house.issuer, 'confirm')}?for=methods`)
    if (browser.page.text.includes('sign-in')) await browser.submit({ username: ann.username, password: ann.password })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    assert.equal(browser.page.url.href, accountOf(house.issuer, 'methods'))
    assert.equal(shownAccount(browser).isFresh, true)
  })

  it('comes back from a new proof to no other place than a page of the account', async () => {
    const browser = await atAccount(house.issuer, await house.createUser())
    await browser.open(`${accountOf(house.issuer, 'confirm')}?for=${encodeURIComponent('//evil.example')}`)
    assert.equal(browser.page.url.href, accountOf(house.issuer))
  })

  it('neither removes a factor nor makes recovery codes', async () => {
    const ann = await withApp()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    house.travel(11 * MINUTE)
    for (const act of ['remove', 'codes']) {
      await press(browser, act, { id: 'totp' })
      assert.equal(shownAccount(browser).failure, 'account.notFresh', act)
    }
    assert.equal((await house.house.ports.factors.list(house.poolId, ann.sub)).length, 1)
    assert.equal(await house.house.ports.recoveryCodes.count(house.poolId, ann.sub), null)
  })
})

describe('a session of a moment ago', () => {
  it('removes a factor, and writes to the person', async () => {
    const ann = await withApp()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    await press(browser, 'remove', { id: 'totp' })
    assert.equal(shownAccount(browser).notice, 'factorRemoved')
    assert.deepEqual(await house.house.ports.factors.list(house.poolId, ann.sub), [])
    assert.ok((await house.inbox(ann.username)).some(({ purpose }) => purpose === 'factor-removed'))
    await signInWith(await house.clients.shop.party(), ann)
  })

  it('shows new recovery codes once', async () => {
    const ann = await withApp()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    await press(browser, 'codes')
    assert.equal(shownAccount(browser, 'methods').content.newCodes.length, 10)
    await browser.open(accountOf(house.issuer, 'methods'))
    assert.deepEqual(shownAccount(browser, 'methods').content.newCodes, [])
  })

  it('sets up an authenticator app on the journey’s own page, and comes back with recovery codes made', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.open(`${accountOf(house.issuer, 'confirm')}?for=methods&add=totp`)
    const secret = /<code id="key">([^<]*)</.exec(browser.page.body)?.[1]?.replaceAll(' ', '') ?? ''
    await browser.submit({ code: apps.codeAt(secret, stepAt(new Date())) }, { button: 'Turn on' })
    await browser.submit({ saved: true }, { button: 'Continue' })
    const { content, isFresh } = shownAccount(browser, 'methods')
    assert.deepEqual(
      [content.factors.map(({ kind }) => kind), content.recoveryCodes?.left, isFresh],
      [['totp'], 10, true],
    )
  })

  it('removes no factor of somebody else', async () => {
    const bo = await withApp()
    const ann = await withApp()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    await press(browser, 'remove', { id: 'passkey-of-bo' })
    assert.equal(shownAccount(browser).failure, 'factor.missing')
    assert.equal((await house.house.ports.factors.list(house.poolId, bo.sub)).length, 1)
  })

  it('keeps the last factor of a pool that demands one', async () => {
    await house.changeSettings({ mfa: 'required' })
    const ann = await withApp()
    const browser = await atAccount(house.issuer, ann, { page: 'methods' })
    await browser.submit({ code: ann.codeNow() }, { button: 'Continue' })
    await press(browser, 'remove', { id: 'totp' })
    assert.equal(shownAccount(browser).failure, 'account.lastFactor')
    await house.changeSettings({ mfa: 'optional' })
  })
})
