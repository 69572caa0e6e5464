/** Guesses at one code from fifty connections at once, over the real database: never more than the limit (attacks 37, 42). */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { BUDGETS } from '#core/limits/index.ts'
import { browser } from '#tests/support/form-browser.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const ROUNDS = 50
const CONNECTIONS = 50
const PHONE = '+4930123456'

let house: TestHouse<'shop'>
before(async () => {
  const settings = { mfa: 'required' as const, factors: { allowed: ['sms' as const] } }
  house = await startTestHouse(null, { settings, clients: { shop: {} } })
})
after(() => house?.stop())

const comparedSoFar = async (sub: string): Promise<number> => {
  const { rows } = await house.house.database.pool.query<{ count: string }>(
    `SELECT sum(count) AS count FROM auth_event WHERE pool_id = $1 AND sub = $2 AND type = 'code.checked' AND reason = 'code-mismatch'`,
    [house.poolId, sub],
  )
  return Number(rows[0]?.count ?? 0)
}

it('a second factor’s code is compared five times, however many guess at once, in each of 50 rounds', async () => {
  const { limit, windowSeconds } = BUDGETS['code.second-factor']
  const attributes = {
    email: 'ann@example.com',
    email_verified: true,
    phone_number: PHONE,
    phone_number_verified: true,
  }
  const ann = await house.createUser({ attributes })
  const party = await house.clients.shop.party()
  for (let round = 1; round <= ROUNDS; round++) {
    // Another window of every count, and another hour of those of what is sent.
    house.travel(Math.max(windowSeconds, 3600) + 1)
    const through = browser()
    await through.open((await party.begin({})).url)
    await through.submit({ username: ann.username, password: ann.password })
    const { url, forms } = through.page
    const hidden = forms.flatMap(({ controls }) => controls).find(({ name }) => name === '_step')
    const [sms] = await house.inbox(PHONE)
    const right = /#(\d{6})$/.exec(sms?.message.text ?? '')?.[1]
    const cookie = (await through.cookiesFor(url)).map(({ name, value }) => `${name}=${value}`).join('; ')
    const guess = (code: string) =>
      fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: house.origin, cookie },
        body: new URLSearchParams({ _step: hidden?.value ?? '', code }),
      })
    const wrong = right === '000000' ? '000001' : '000000'
    await Promise.all(Array.from({ length: CONNECTIONS }, () => guess(wrong)))
    assert.equal(await comparedSoFar(ann.sub), round * limit, `round ${round}`)
  }
})
