/**
 * "Was this you?": what the owner of an account is asked after an unusual sign-in, and what a yes and a no do, over HTTP.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { refusedAtOnce } from '#tests/support/refusals.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const asks = { action: 'allow', notify: true } as const

let house: TestHouse<'shop'>
let shop: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    // Everybody is let in, and asked: nobody here has a history.
    settings: {
      threatProtection: {
        mode: 'enforce',
        thresholds: { low: 0.0001, medium: 0.0002, high: 0.9999 },
        actions: { low: asks, medium: asks, high: asks },
      },
    },
    clients: { shop: {} },
  })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())
beforeEach(async () => {
  ann = await house.createUser()
})

const signIn = async (): Promise<FormBrowser> => {
  const through = browser()
  const attempt = await shop.begin({})
  await through.open(attempt.url)
  await through.submit({ username: ann.username, password: ann.password })
  await shop.finish(attempt, through.callback())
  return through
}

const links = async (): Promise<string[]> => {
  const mails = (await house.inbox(ann.username)).filter(({ purpose }) => purpose === 'new-sign-in')
  return mails.flatMap(({ message }) =>
    message.channel === 'email' ? (/http\S+wasThisYou\S+/.exec(message.text)?.[0] ?? []) : [],
  )
}

const asked = async (): Promise<{ through: FormBrowser; link: string }> => {
  const through = await signIn()
  const [link = ''] = await links()
  return { through, link }
}

const isSignedIn = async (through: FormBrowser): Promise<boolean> => {
  const attempt = await shop.begin({ prompt: 'none' })
  await through.open(attempt.url)
  return through.callback().searchParams.has('code')
}

const eventsOf = async (type: string) => {
  const { events } = await house.admin.users.events(house.poolId, ann.sub, {}, null, 100)
  return events.filter((event) => event.type === type)
}

describe('the mail after an unusual sign-in', () => {
  it('comes once, by mail, and its link changes nothing by being opened, however often', async () => {
    const { through, link } = await asked()
    assert.equal((await links()).length, 1)
    for (const method of ['GET', 'GET', 'HEAD'] as const) {
      const answer = await fetch(link, { method })
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('cache-control') ?? '', /no-store/)
    }
    assert.deepEqual(await eventsOf('sign_in.judged'), [])
    assert.ok(await isSignedIn(through))
  })

  it('leads with a no to an end of all sessions, once, and on to a new password', async () => {
    const { through, link } = await asked()
    const owner = browser()
    const otherTab = browser()
    await owner.open(link)
    await otherTab.open(link)
    await owner.submit({}, { button: 'No' })
    assert.match(owner.page.text, /^sign-in-answered invalid/)
    await otherTab.submit({}, { button: 'Yes' })
    assert.deepEqual([otherTab.page.status, /problem answered/.test(otherTab.page.text)], [400, true])
    assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, through), 'login_required')
    const [judged] = await eventsOf('sign_in.judged')
    const [signedIn] = await eventsOf('sign_in')
    assert.deepEqual(judged?.detail, { signIn: signedIn?.id, value: 'invalid', by: 'person' })
    assert.equal(signedIn?.feedback?.value, 'invalid')
    assert.deepEqual(await house.house.ports.devices.list(house.poolId, ann.sub), [])
    await owner.follow('New password')
    assert.match(owner.page.text, /^forgot-password/)
  })

  it('leads with a yes to nothing but a better memory', async () => {
    const { through, link } = await asked()
    const owner = browser()
    await owner.open(link)
    await owner.submit({}, { button: 'Yes' })
    assert.match(owner.page.text, /^sign-in-answered valid/)
    assert.ok(await isSignedIn(through))
    assert.equal((await eventsOf('sign_in'))[0]?.feedback?.value, 'valid')
  })

  it('is answered by nobody from another site, and by no third word', async () => {
    const { through, link } = await asked()
    const token = new URL(link).searchParams.get('token') ?? ''
    const post = (fields: Record<string, string>, headers: Record<string, string>) =>
      fetch(`${house.issuer}/wasThisYou`, { method: 'POST', body: new URLSearchParams(fields), headers })
    const answer = { token, answer: 'no' }
    assert.equal((await post(answer, { origin: 'https://evil.example' })).status, 403)
    assert.equal((await post(answer, { 'sec-fetch-site': 'cross-site' })).status, 403)
    const own = { origin: house.origin }
    assert.equal((await post({ token }, own)).status, 400)
    assert.equal((await post({ token, answer: 'constructor' }, own)).status, 400)
    assert.equal((await post({ token: 'A'.repeat(43), answer: 'no' }, own)).status, 400)
    assert.equal((await post({ ...answer, more: 'x'.repeat(70_000) }, own)).status, 413)
    assert.ok(await isSignedIn(through))
  })

  it('is answered in its own pool alone, for a week, and by nobody once the person is gone', async () => {
    const { link } = await asked()
    const elsewhere = await house.createPool()
    const token = new URL(link).searchParams.get('token') ?? ''
    const statusOf = async (url: string) => (await fetch(url)).status
    assert.equal(await statusOf(`${elsewhere.issuer}/wasThisYou?token=${token}`), 400)
    assert.equal(await statusOf(link), 200)
    const [second] = await links()
    house.travel(7 * 86_400)
    assert.equal(await statusOf(second ?? ''), 400)
    const later = await asked()
    assert.equal(await statusOf(later.link), 200)
    await house.admin.users.delete({ pool: house.pool, sub: ann.sub })
    assert.equal(await statusOf(later.link), 400)
  })
})
