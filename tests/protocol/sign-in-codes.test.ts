/**
 * Codes and links at sign-in as apps and browsers see them: what tokens say of them, which browser a link signs in, and
 * what opening it does. Attacks 22, 32, 42, 52 and 57.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ACR_MULTI_FACTOR, ACR_SINGLE_FACTOR } from '#core/factors/index.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { startTestHouse, type TestHouse, type TestPool } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
})
after(() => house?.stop())

const heading = (through: FormBrowser): string => /^[\w -]+/.exec(through.page.text)?.[0]?.trim().split(' ')[0] ?? ''
const PHONE = '+4930123456'

let mailboxes = 0
/** Somebody with a mailbox and a phone, both proven, in a pool of their own. */
const inPool = async (settings: PoolSettingsInput) => {
  const pool = await house.createPool({ settings })
  mailboxes += 1
  const email = `reader-${mailboxes}@example.com`
  const attributes = { email, email_verified: true, phone_number: PHONE, phone_number_verified: true }
  const person = await pool.createUser({ attributes })
  return { pool, person, email }
}

const begin = async (pool: TestPool) => {
  const party = await (await pool.createClient()).party()
  const attempt = await party.begin({})
  const through = browser()
  await through.open(attempt.url)
  return { through, finish: () => party.finish(attempt, through.callback()) }
}

/** Code and link of the newest message to somebody. */
const newest = async (to: string) => {
  const [captured] = await house.inbox(to)
  const text = captured?.message.text ?? ''
  return {
    text,
    code: /\b(\d{3})\s?(\d{3})\b/.exec(text)?.slice(1).join('') ?? '',
    link: /https?:\S+signInLink\S+/.exec(text)?.[0] ?? '',
  }
}

describe('a second factor by SMS', () => {
  it('is told to the app as two factors, one of them by SMS, and fits the browser’s own reading of codes', async () => {
    const { pool, person } = await inPool({ mfa: 'required', factors: { allowed: ['sms'] } })
    const { through, finish } = await begin(pool)
    await through.submit({ username: person.username, password: person.password })
    assert.equal(heading(through), 'factor-code')
    const { text, code } = await newest(PHONE)
    assert.match(text, new RegExp(`\\n@localhost #${code}$`))
    await through.submit({ code }, { button: 'Confirm' })
    const claims = (await finish()).claims()
    assert.deepEqual([claims?.amr, claims?.acr], [['pwd', 'sms', 'otp', 'mfa'], ACR_MULTI_FACTOR])
  })
})

describe('a code by mail instead of a password', () => {
  it('signs in with one factor, and the token says so', async () => {
    const { pool, person, email } = await inPool({ firstFactors: ['email-code'] })
    const { through, finish } = await begin(pool)
    await through.submit({ username: person.username })
    assert.equal(heading(through), 'sign-in-code')
    await through.submit({ code: (await newest(email)).code }, { button: 'Sign in' })
    const claims = (await finish()).claims()
    assert.deepEqual([claims?.amr, claims?.acr], [['otp'], ACR_SINGLE_FACTOR])
  })

  it('shows whoever has no account the very same page', async () => {
    const { pool, person } = await inPool({ firstFactors: ['email-code'] })
    const bodyFor = async (username: string): Promise<string> => {
      const { through } = await begin(pool)
      const { body, status } = await through.submit({ username })
      return `${status} ${body.replace(/name="_step" value="[^"]*"/, '')}`.replaceAll(username, 'NAME')
    }
    assert.equal(await bodyFor(person.username), await bodyFor('nobody@example.com'))
  })
})

describe('a link that signs in', () => {
  const linked = async () => {
    const made = await inPool({ firstFactors: ['magic-link'] })
    const journey = await begin(made.pool)
    await journey.through.submit({ username: made.person.username })
    return { ...made, ...journey, ...(await newest(made.email)) }
  }

  it('signs in the browser that asked, once the button is pressed', async () => {
    const { through, finish, link } = await linked()
    await through.open(link)
    assert.equal(heading(through), 'sign-in-link')
    await through.submit({})
    assert.deepEqual((await finish()).claims()?.amr, ['otp'])
  })

  it('is not used up by whoever opens it, however often', async () => {
    const { through, finish, link } = await linked()
    for (let n = 0; n < 5; n++) {
      const scanner = browser()
      await scanner.open(link)
      await scanner.send('GET', `${link}&again=${n}`)
      assert.equal(scanner.departure, null)
    }
    await through.open(link)
    await through.submit({})
    assert.deepEqual((await finish()).claims()?.amr, ['otp'])
  })

  it('signs in no other browser, and says where to go on: neither the owner’s for a stranger’s journey nor the reverse', async () => {
    const { through, finish, link } = await linked()
    const other = browser()
    await other.open(link)
    const answer = await other.submit({})
    assert.equal(answer.status, 400)
    assert.match(answer.text, /linkElsewhere/)
    assert.equal(other.departure, null)
    // Nothing was used up: the browser that asked goes on.
    await through.open(link)
    await through.submit({})
    assert.deepEqual((await finish()).claims()?.amr, ['otp'])
  })

  it('says that it was used, has expired, or is none, and leads to another', async () => {
    const { through, link, code } = await linked()
    const late = browser()
    await through.submit({ code }, { button: 'Sign in' })
    assert.match((await late.open(link)).text, /signInLinkUsed/)
    const next = await linked()
    house.travel(601)
    const expired = await late.open(next.link)
    assert.deepEqual([expired.status, /signInLinkExpired/.test(expired.text)], [400, true])
    assert.match((await late.open(`${next.pool.issuer}/signInLink?token=${'x'.repeat(43)}`)).text, /linkUnusable/)
  })
})

describe('SMS to numbers the pool does not serve', () => {
  it('are not sent, and the page says so', async () => {
    const { pool, person } = await inPool({
      mfa: 'required',
      factors: { allowed: ['sms'] },
      sms: { blockedPrefixes: ['+49'] },
    })
    const before = (await house.inbox(PHONE)).length
    const { through } = await begin(pool)
    await through.submit({ username: person.username, password: person.password })
    assert.equal(heading(through), 'choose-factor')
    assert.match(through.page.text, /code\.destination/)
    assert.equal((await house.inbox(PHONE)).length, before)
  })
})
