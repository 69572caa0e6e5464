/** The same form many times at once, over the real database: one post counts, and none of the others spoils it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const AT_ONCE = 30
const PASSWORD = 'wandering teapot 93 times'

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
})
after(() => house?.stop())

/** The form in front of the browser, posted so many times before any answer is there. */
const postAtOnce = async (through: FormBrowser, filling: Readonly<Record<string, string>>): Promise<Response[]> => {
  const { url, forms } = through.page
  const form = forms.find(({ controls }) => controls.some(({ name }) => name === '_step'))
  const hidden = form?.controls.filter(({ type }) => type === 'hidden').map(({ name, value }) => [name, value] as const)
  const cookies = (await through.cookiesFor(url)).map(({ name, value }) => `${name}=${value}`).join('; ')
  const body = new URLSearchParams({ ...Object.fromEntries(hidden ?? []), ...filling }).toString()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
    origin: house.origin,
    cookie: cookies,
  }
  return Promise.all(
    Array.from({ length: AT_ONCE }, () => fetch(url, { method: 'POST', body, headers, redirect: 'manual' })),
  )
}

describe('a form posted thirty times at once', () => {
  it('with the code of a sign-up makes one account, and the journey goes on to the app', async () => {
    const party = await house.clients.shop.party()
    for (const address of ['one@example.com', 'two@example.com', 'three@example.com']) {
      const attempt = await party.begin({ screen_hint: 'signup' })
      const through = browser()
      await through.open(attempt.url)
      await through.submit({ username: address, password: PASSWORD })
      const [mail] = await house.inbox(address)
      const subject = mail?.message.channel === 'email' ? mail.message.subject : ''
      const code = /(\d{3})\s?(\d{3})/.exec(subject)?.slice(1).join('') ?? ''
      const { url } = through.page
      const answers = await postAtOnce(through, { code })
      assert.ok(answers.every(({ status }) => status === 200 || status === 303))
      // Whichever was answered last: the journey is where the right code led.
      await through.open(url)
      const claims = (await party.finish(attempt, through.callback())).claims()
      assert.equal(claims?.email, address)
      const { users } = await house.admin.users.list(house.poolId, {}, null, 100)
      assert.equal(users.filter(({ attributes }) => attributes.email === address).length, 1)
    }
  })
})
