/** Profile, addresses, apps, copies of data and deletion in a person's own account. Attacks 25, 53, 54, 55 and 56. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accountOf, atAccount, fieldsOf, shownAccount } from '#tests/support/account-pages.ts'
import { type FormBrowser, browser as newBrowser } from '#tests/support/form-browser.ts'
import { refusalOf } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} }, settings: { attributes: { 'custom:rank': {} } } })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())

const sameOrigin = { headers: { 'sec-fetch-site': 'same-origin' } }
const press = (browser: FormBrowser, button: string, filling: Record<string, string> = {}) =>
  browser.submit(filling, { button })
const personNow = async ({ sub }: TestPerson) => (await house.house.ports.users.findBySub(house.poolId, sub))?.user
const mailsTo = async (address: string, purpose: string) =>
  (await house.inbox(address)).filter((each) => each.purpose === purpose)
const textOf = (mail: Awaited<ReturnType<typeof mailsTo>>[number] | undefined): string =>
  mail?.message.channel === 'email' ? mail.message.text : ''
const codeIn = (text: string): string => /\b(\d{3}) ?(\d{3})\b/.exec(text)?.slice(1).join('') ?? ''
const linkIn = (text: string): string => /https?:\S+\/account\/undo\?token=\S+/.exec(text)?.[0] ?? ''
let numbers = 0
const newAddress = (): string => {
  numbers += 1
  return `new-${numbers}@example.org`
}

const changeEmail = async (ann: TestPerson, to = newAddress()) => {
  const browser = await atAccount(house.issuer, ann, { page: 'email' })
  await press(browser, 'start', { email: to })
  return { browser, to }
}

describe('a profile', () => {
  it('takes what its page asks for, and nothing else that is posted', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'profile' })
    const before = await personNow(ann)
    await press(browser, 'save', {
      name: 'Ann',
      email: 'victim@example.org',
      email_verified: 'true',
      'custom:rank': 'admin',
    })
    assert.equal(shownAccount(browser).notice, 'profileSaved')
    const { attributes } = (await personNow(ann)) ?? {}
    assert.deepEqual(attributes, { ...before?.attributes, name: 'Ann' })
  })

  it('keeps the language of pages and mails', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'preferences' })
    await press(browser, 'save', { locale: 'de' })
    assert.equal((await personNow(ann))?.attributes.locale, 'de')
    assert.equal(browser.page.headers['content-language'], 'de')
  })
})

describe('a new address', () => {
  it('counts once its code came back; until then the old one stays', async () => {
    const ann = await house.createUser()
    const { browser, to } = await changeEmail(ann)
    assert.equal((await personNow(ann))?.attributes.email, ann.username)
    const [mail] = await mailsTo(to, 'contact-change-code')
    await press(browser, 'confirm', { code: codeIn(textOf(mail)) })
    assert.equal(shownAccount(browser).notice, 'contactChanged')
    const person = await personNow(ann)
    assert.deepEqual([person?.attributes.email, person?.attributes.email_verified], [to, true])
    await signInWith(shop, { ...ann, username: to })
  })

  it('is not proven by a wrong code, nor by a right one of somebody else', async () => {
    const ann = await house.createUser()
    const bo = await house.createUser()
    const theirs = await changeEmail(bo)
    const { browser } = await changeEmail(ann)
    const [mail] = await mailsTo(theirs.to, 'contact-change-code')
    for (const code of ['000000', codeIn(textOf(mail))]) {
      await press(browser, 'confirm', { code })
      assert.equal(shownAccount(browser).failure, 'code.wrong')
    }
    assert.equal((await personNow(ann))?.attributes.email, ann.username)
  })

  it('of somebody else, in any spelling, is answered alike and changes nothing; its owner is told', async () => {
    const ann = await house.createUser()
    const bo = await house.createUser()
    const fresh = await changeEmail(ann)
    for (const spelling of [bo.username, bo.username.toUpperCase(), bo.username.replace('@', '＠')]) {
      const { browser } = await changeEmail(ann, spelling)
      const { title, failure, notice } = shownAccount(browser)
      const alike = shownAccount(fresh.browser)
      assert.deepEqual({ title, failure, notice }, { title: alike.title, failure: alike.failure, notice: alike.notice })
    }
    assert.equal((await mailsTo(bo.username, 'contact-change-code')).length, 0)
    assert.ok((await mailsTo(bo.username, 'contact-taken')).length >= 1)
    assert.equal((await personNow(ann))?.attributes.email, ann.username)
  })

  it('is taken back by the link that went to the old one, once, and signs out everywhere', async () => {
    const ann = await house.createUser()
    const { browser, to } = await changeEmail(ann)
    const [mail] = await mailsTo(to, 'contact-change-code')
    await press(browser, 'confirm', { code: codeIn(textOf(mail)) })
    const there = await signInWith(shop, { ...ann, username: to })
    const [notice] = await mailsTo(ann.username, 'contact-changed')
    const link = linkIn(textOf(notice))
    const elsewhere = newBrowser()
    await elsewhere.open(link)
    assert.equal((await personNow(ann))?.attributes.email, to, 'opening it changes nothing')
    await elsewhere.submit({}, { button: 'Confirm' })
    assert.match(elsewhere.page.text, /link-done contact-undo/)
    const person = await personNow(ann)
    assert.deepEqual([person?.attributes.email, person?.attributes.email_verified], [ann.username, true])
    assert.equal(await refusalOf(shop.userInfo(there.tokens.access_token, ann.sub)), 'invalid_token')
    await browser.open(accountOf(house.issuer))
    assert.match(browser.page.url.pathname, /\/flow\//)
    await elsewhere.open(link)
    assert.match(elsewhere.page.text, /linkUnusable/)
  })
})

describe('apps with access', () => {
  it('lose it at once when it is taken away', async () => {
    const ann = await house.createUser()
    const there = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'apps' })
    const { apps } = shownAccount(browser, 'apps').content
    assert.deepEqual(
      apps.map(({ id, scopes }) => [id, scopes.map(({ scope }) => scope).sort()]),
      [[house.clients.shop.clientId, ['email', 'openid', 'profile']]],
    )
    await press(browser, 'revoke', { id: house.clients.shop.clientId })
    assert.equal(shownAccount(browser).notice, 'appRevoked')
    assert.equal(await refusalOf(shop.userInfo(there.tokens.access_token, ann.sub)), 'invalid_token')
    assert.equal(await refusalOf(shop.refresh(there.tokens.refresh_token ?? '')), 'invalid_grant')
    assert.deepEqual(shownAccount(browser, 'apps').content.apps, [])
  })

  it('of other people keep theirs', async () => {
    const bo = await house.createUser()
    const theirs = await signInWith(shop, bo)
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'apps' })
    await press(browser, 'revoke', { id: house.clients.shop.clientId })
    assert.equal(shownAccount(browser).failure, 'admin.clientUnknown')
    await shop.userInfo(theirs.tokens.access_token, bo.sub)
  })
})

describe('activity', () => {
  it('shows one’s own sign-ins, and lets one say that it was somebody else', async () => {
    const ann = await house.createUser()
    const there = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'activity' })
    const theirs = shownAccount(browser, 'activity').content.items.find(
      ({ app, what }) => app !== null && what === 'signIn',
    )
    await press(browser, 'disown', { id: theirs?.id ?? '' })
    assert.equal(shownAccount(browser).title, 'disowned')
    assert.equal(await refusalOf(shop.userInfo(there.tokens.access_token, ann.sub)), 'invalid_token')
    await browser.open(accountOf(house.issuer, 'activity'))
    const said = shownAccount(browser, 'activity').content.items.find(({ id }) => id === theirs?.id)
    assert.equal(said?.feedback, 'invalid')
  })

  it('of others is neither shown nor judged', async () => {
    const bo = await house.createUser()
    const his = await atAccount(house.issuer, bo, { page: 'activity' })
    const [theirs] = shownAccount(his, 'activity').content.items.filter(({ what }) => what === 'signIn')
    const browser = await atAccount(house.issuer, await house.createUser(), { page: 'activity' })
    await press(browser, 'disown', { id: theirs?.id ?? '' })
    assert.notEqual(shownAccount(browser).failure, '')
    await his.open(accountOf(house.issuer, 'activity'))
    assert.equal(shownAccount(his).title, 'activity')
  })
})

describe('a copy of one’s data', () => {
  it('is made by a job, announced by mail, and holds no secrets', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'data' })
    await press(browser, 'export')
    await press(browser, 'export').catch(() => undefined)
    assert.deepEqual(await house.house.jobs.once(), { deleted: 0, exported: 1 })
    assert.equal((await mailsTo(ann.username, 'export-ready')).length, 1)
    await browser.open(`${accountOf(house.issuer, 'download')}?as=json`)
    assert.match(String(browser.page.headers['content-disposition']), /attachment/)
    const copy = JSON.parse(browser.page.body) as Record<string, unknown[]>
    assert.deepEqual(Object.keys(copy).sort(), [
      ...['account', 'activity', 'apps', 'devices', 'identities', 'profile', 'sessions', 'signInMethods'],
    ])
    assert.doesNotMatch(browser.page.body, /argon2|hash|secret|poolId/i)
  })

  it('is nobody else’s', async () => {
    const browser = await atAccount(house.issuer, await house.createUser(), { page: 'data' })
    await browser.open(`${accountOf(house.issuer, 'download')}?as=csv`)
    assert.equal(shownAccount(browser).title, 'data')
  })
})

describe('the end of an account', () => {
  it('closes it at once, can be taken back by mail, and signs nobody in to an app meanwhile', async () => {
    const ann = await house.createUser()
    const there = await signInWith(shop, ann)
    const browser = await atAccount(house.issuer, ann, { page: 'delete' })
    await press(browser, 'delete')
    assert.match(browser.page.text, /link deletion-undo/)
    assert.equal(await refusalOf(shop.userInfo(there.tokens.access_token, ann.sub)), 'invalid_token')
    assert.deepEqual(await house.house.jobs.once(), { deleted: 0, exported: 0 })
    const again = newBrowser()
    const attempt = await shop.begin()
    await again.open(attempt.url)
    await again.submit({ username: ann.username, password: ann.password })
    assert.equal(again.departure, null)
    assert.match(again.page.text, /link deletion-undo/)
    const [mail] = await mailsTo(ann.username, 'deletion-scheduled')
    const elsewhere = newBrowser()
    await elsewhere.open(linkIn(textOf(mail)))
    await elsewhere.submit({}, { button: 'Confirm' })
    assert.match(elsewhere.page.text, /link-done deletion-undo/)
    await signInWith(shop, ann)
  })

  it('is not undone by the link of another deletion, a forged one, or one of another pool', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'delete' })
    await press(browser, 'delete')
    const link = new URL(linkIn(textOf((await mailsTo(ann.username, 'deletion-scheduled'))[0])))
    const other = await house.createPool()
    for (const address of [
      `${accountOf(house.issuer, 'undo')}?token=forged`,
      `${accountOf(other.issuer, 'undo')}${link.search}`,
    ]) {
      await browser.open(address)
      assert.match(browser.page.text, /linkUnusable/)
    }
    await browser.open(link.href)
    await browser.send('POST', link.href, fieldsOf(browser), { headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(browser.page.status, 403)
    assert.notEqual((await personNow(ann))?.deleteAfter, null)
  })

  it('comes when the time is there: the person is gone, the name is free, events keep the subject', async () => {
    await house.changeSettings({ attributes: { 'custom:rank': {} }, deletion: { graceDays: 0 } })
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann, { page: 'delete' })
    await press(browser, 'delete')
    assert.deepEqual(await house.house.jobs.once(), { deleted: 1, exported: 0 })
    assert.equal(await personNow(ann), undefined)
    assert.equal((await mailsTo(ann.username, 'deletion-done')).length, 1)
    const { rows } = await house.house.database.pool.query(
      `SELECT 1 FROM auth_event WHERE pool_id = $1 AND sub = $2 AND type = 'user.deleted'`,
      [house.poolId, ann.sub],
    )
    assert.equal(rows.length, 1)
    await house.createUser({ attributes: { email: ann.username, email_verified: true } })
  })
})

describe('the forms of these pages', () => {
  it('need the session’s own token', async () => {
    const ann = await house.createUser()
    const browser = await atAccount(house.issuer, ann)
    for (const [page, intent] of [
      ['profile', 'save'],
      ['email', 'start'],
      ['apps', 'revoke'],
      ['data', 'export'],
      ['delete', 'delete'],
      ['activity', 'disown'],
    ] as const) {
      await browser.send(
        'POST',
        accountOf(house.issuer, page),
        { _intent: intent, _token: 'x', email: newAddress() },
        sameOrigin,
      )
      assert.equal(shownAccount(browser).failure, 'account.formStale', page)
    }
    assert.equal((await personNow(ann))?.deleteAfter, null)
  })
})
