/** Guessing is counted, for the right person, and nobody learns who exists. Attacks 37, 42 to 47, 52 and 57. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const EMAIL = { verified: { email_verified: true } }

let house: TestHouse<'shop'>
let shop: RelyingParty
before(async () => {
  // Behind a proxy, so that a test has networks of its own.
  house = await startTestHouse(null, {
    settings: { signInNames: ['username', 'email', 'phone_number'], autoVerify: ['email'] },
    clients: { shop: {} },
    config: { TRUSTED_PROXY_HOPS: '1' },
  })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())

let networks = 0
/** A browser somewhere else each time. */
const visitor = async (asked = {}): Promise<{ through: FormBrowser; submit: FormBrowser['submit'] }> => {
  networks += 1
  const headers = { 'x-forwarded-for': `198.51.100.${networks}` }
  const through = browser()
  await through.open((await shop.begin(asked)).url, { headers })
  return { through, submit: (filling = {}, options = {}) => through.submit(filling, { headers, ...options }) }
}

const aPerson = (name: string) =>
  house.createUser({
    username: name,
    attributes: {
      email: `${name}@example.com`,
      ...EMAIL.verified,
      phone_number: `+49301234${100 + networks}`,
      phone_number_verified: true,
    },
  })

describe('a lock', () => {
  it('is one for all names of a person, and all their spellings', async () => {
    const person = await aPerson('lena')
    const { through, submit } = await visitor()
    for (const username of ['lena', 'LENA', 'Lena@Example.COM', ' lena@example.com', 'ｌｅｎａ'])
      assert.match((await submit({ username, password: 'wrong' })).text, /signin\.failed/, username)
    await submit({ username: 'lena', password: person.password })
    assert.match(through.page.text, /signin\.throttled/)
  })

  it('of one network leaves the owner alone in another', async () => {
    const person = await aPerson('mara')
    const attacker = await visitor()
    for (let n = 0; n < 6; n++) await attacker.submit({ username: 'mara', password: 'wrong' })
    const owner = await visitor()
    await owner.submit({ username: 'mara', password: person.password })
    assert.ok(owner.through.callback().searchParams.has('code'))
  })

  it('holds over journeys, and reveals nobody: names that do not exist are locked alike', async () => {
    await aPerson('nina')
    for (const username of ['nina', 'nobody']) {
      networks += 1
      const headers = { 'x-forwarded-for': `198.51.100.${networks}` }
      const shown: string[] = []
      for (let n = 0; n < 7; n++) {
        const through = browser()
        await through.open((await shop.begin()).url, { headers })
        const page = await through.submit({ username, password: 'wrong' }, { headers })
        shown.push(`${page.status} ${/signin\.\w+/.exec(page.text)?.[0]}`)
      }
      assert.deepEqual(shown, [...Array(5).fill('200 signin.failed'), ...Array(2).fill('200 signin.throttled')])
    }
  })

  it('is not passed by guessing in parallel', async () => {
    await aPerson('olga')
    networks += 1
    const headers = { 'x-forwarded-for': `198.51.100.${networks}` }
    const visitors = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const through = browser()
        await through.open((await shop.begin()).url, { headers })
        return through
      }),
    )
    const pages = await Promise.all(
      visitors.map((each) => each.submit({ username: 'olga', password: 'wrong' }, { headers })),
    )
    assert.equal(pages.filter(({ text }) => text.includes('signin.failed')).length, 5)
  })
})

describe('a code', () => {
  it('dies of ten wrong guesses, over all journeys, and the page is the same for nobody', async () => {
    await aPerson('petra')
    for (const username of ['petra', 'nobody-at-all']) {
      const shown: string[] = []
      for (let journey = 0; journey < 3; journey++) {
        const { submit } = await visitor({ screen_hint: 'forgot-password' })
        await submit({ username })
        for (let guess = 0; guess < 4; guess++)
          shown.push(/code\.\w+/.exec((await submit({ code: '000000' })).text)?.[0] ?? '')
      }
      assert.deepEqual(shown, [...Array(10).fill('code.wrong'), 'code.spent', 'code.spent'], username)
    }
  })
})

describe('messages', () => {
  it('go to one recipient five times an hour, whoever asks, from wherever, for whatever', async () => {
    await aPerson('rosa')
    for (let n = 0; n < 8; n++) {
      const { through, submit } = await visitor({ screen_hint: 'forgot-password' })
      await submit({ username: n % 2 === 0 ? 'rosa' : 'ROSA@example.com' })
      assert.match(through.page.url.pathname, /\/reset-code$/)
    }
    assert.equal((await house.inbox('rosa@example.com')).length, 5)
  })

  it('are never sent for names nobody has, or to unproven addresses', async () => {
    await house.createUser({ username: 'sina', attributes: { email: 'sina@example.com', email_verified: false } })
    for (const username of ['sina', 'sina@example.com', 'nobody@example.com']) {
      const { through, submit } = await visitor({ screen_hint: 'forgot-password' })
      await submit({ username })
      assert.match(through.page.url.pathname, /\/reset-code$/)
    }
    for (const to of ['sina@example.com', 'nobody@example.com']) assert.deepEqual(await house.inbox(to), [])
  })
})

describe('what is answered', () => {
  it('is the same for somebody and nobody, to the byte, but for what was typed and what is random', async () => {
    await aPerson('vera')
    const seen: string[] = []
    for (const username of ['vera', 'vero']) {
      const { submit } = await visitor()
      const page = await submit({ username, password: 'wrong' })
      const { 'x-request-id': _id, date: _date, ...headers } = page.headers
      const body = page.body.replaceAll(username, '…').replace(/name="_step" value="[^"]*"/, '')
      seen.push(JSON.stringify([page.status, { ...headers, 'content-security-policy': '' }, body]))
    }
    assert.equal(seen[0], seen[1])
  })
})
