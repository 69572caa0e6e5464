/** Passwords that others know, on the way in: each action of a pool at sign-in, sign-up and recovery. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sha1Hex } from '#adapters/passwords/sha1.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { aRangeServer, type RangeServer } from '#tests/support/breach-sources.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const LEAKED = 'an umbrella for each guest'
const UNKNOWN = 'a kettle on the third shelf'

const finishing: (() => void)[] = []
let range: RangeServer
let house: TestHouse
before(async () => {
  range = await aRangeServer({ after: (finish) => void finishing.push(finish) }, { [LEAKED]: 1234 })
  house = await startTestHouse(null, { config: { BREACH_RANGE_URL: range.url } })
})
after(async () => {
  await house?.stop()
  for (const finish of finishing) finish()
})

/** A pool, an app and a person whose password has leaked since it was chosen. */
const aPoolThat = async (compromisedCredentials: PoolSettingsInput['compromisedCredentials']) => {
  const pool = await house.createPool({
    settings: { compromisedCredentials: { ...compromisedCredentials, signUp: 'off' } },
  })
  const client = await pool.createClient()
  const person = await pool.createUser({ password: LEAKED })
  const party = await client.party()
  const arrive = async (password = LEAKED, username = person.username): Promise<FormBrowser> => {
    const through = browser()
    await through.open((await party.begin()).url)
    await through.submit({ username, password })
    return through
  }
  return { pool, party, person, arrive, statusNow: async () => statusOf(pool.poolId, person.sub) }
}

const statusOf = async (poolId: string, sub: string): Promise<string> =>
  (await house.house.ports.users.findBySub(poolId, sub))?.user.status ?? 'gone'

const eventsOf = async (poolId: string): Promise<[string, unknown][]> => {
  const { rows } = await house.house.database.pool.query<{ outcome: string; detail: unknown }>(
    `SELECT outcome, detail FROM auth_event WHERE pool_id = $1 AND type = 'credentials.compromised' ORDER BY id`,
    [poolId],
  )
  return rows.map(({ outcome, detail }) => [outcome, detail])
}

const failureOn = (through: FormBrowser): string => /id="failure">([^<]*)/.exec(through.page.body)?.[1] ?? ''
const stepOf = (through: FormBrowser): string => through.page.url.pathname.split('/').at(-1) ?? ''

describe('signing in with a password that others know', () => {
  it('goes nowhere without another one, where the pool asks for a change', async () => {
    const { pool, party, person, arrive } = await aPoolThat({ signIn: 'change' })
    const attempt = await party.begin()
    const through = browser()
    await through.open(attempt.url)
    await through.submit({ username: person.username, password: LEAKED })
    assert.equal(stepOf(through), 'new-password')
    const { pathname } = through.page.url
    for (const other of ['complete', 'consent', 'done', 'change-password']) {
      await through.open(new URL(pathname.replace('new-password', other), through.page.url))
      assert.equal(through.departure, null, other)
    }
    await through.open(new URL(pathname, through.page.url))
    for (const same of [LEAKED, 'short']) {
      await through.submit({ password: same })
      assert.equal(stepOf(through), 'new-password')
    }
    await through.submit({ password: LEAKED })
    assert.equal(failureOn(through), 'newpassword.breached')
    await through.submit({ password: UNKNOWN })
    const tokens = await party.finish(attempt, through.callback())
    assert.equal(tokens.claims()?.sub, person.sub)
    assert.deepEqual((await eventsOf(pool.poolId)).slice(0, 1), [
      ['in-progress', { occasion: 'signIn', source: 'range', action: 'change' }],
    ])
    assert.equal((await arrive(LEAKED)).departure, null)
    assert.equal((await signInWith(party, { ...person, password: UNKNOWN })).sub, person.sub)
  })

  it('takes it out of use and leads to the recovery pages, where the pool blocks', async () => {
    const { pool, party, person, arrive, statusNow } = await aPoolThat({ signIn: 'block' })
    const through = await arrive()
    assert.equal(stepOf(through), 'reset-code')
    assert.equal(await statusNow(), 'RESET_REQUIRED')
    assert.deepEqual(await eventsOf(pool.poolId), [
      ['failure', { occasion: 'signIn', source: 'range', action: 'block' }],
    ])
    const [message] = await house.inbox(person.username)
    const code = /\b(\d{3})\s?(\d{3})\b/.exec(message?.message.channel === 'email' ? message.message.subject : '')
    await through.submit({ code: code?.slice(1).join('') ?? '' })
    await through.submit({ password: LEAKED })
    assert.equal(failureOn(through), 'newpassword.breached')
    await through.submit({ password: UNKNOWN })
    assert.equal(await statusNow(), 'CONFIRMED')
    assert.equal((await signInWith(party, { ...person, password: UNKNOWN })).sub, person.sub)
  })

  it('goes on where the pool only tells, and the mail comes once a week', async () => {
    const { pool, party, person } = await aPoolThat({ signIn: 'tell' })
    for (let time = 0; time < 3; time++) assert.equal((await signInWith(party, person)).sub, person.sub)
    const messages = await house.inbox(person.username)
    assert.deepEqual(
      messages.map(({ purpose }) => purpose),
      ['password-exposed'],
    )
    const told = ['success', { occasion: 'signIn', source: 'range', action: 'tell' }]
    assert.deepEqual(await eventsOf(pool.poolId), [told, told, told])
  })

  it('goes on where the pool does not want to know', async () => {
    const { pool, party, person } = await aPoolThat({ signIn: 'off' })
    const before = range.requests.length
    assert.equal((await signInWith(party, person)).sub, person.sub)
    assert.equal(range.requests.length, before)
    assert.deepEqual(await eventsOf(pool.poolId), [])
  })
})

describe('the look-up at sign-in', () => {
  it('is made for right passwords alone: a wrong one reaches nobody, known name or not', async () => {
    const { arrive, person } = await aPoolThat({ signIn: 'block' })
    const before = range.requests.length
    for (const username of [person.username, 'nobody@example.com']) {
      const through = await arrive('some wrong sentence', username)
      assert.equal(failureOn(through), 'signin.failed')
    }
    assert.equal(range.requests.length, before)
  })

  it('sends five characters of a hash', () => {
    assert.ok(range.requests.length > 0)
    for (const { path } of range.requests) assert.match(path, /^\/mirror\/range\/[0-9A-F]{5}$/)
    assert.ok(range.requests.some(({ path }) => path.endsWith(sha1Hex(LEAKED).slice(0, 5))))
  })
})

describe('choosing a password that others know', () => {
  const newcomer = async (signUp: 'tell' | 'change' | 'block') => {
    const pool = await house.createPool({ settings: { compromisedCredentials: { signUp } } })
    const party = await (await pool.createClient()).party()
    const through = browser()
    await through.open((await party.begin({ screen_hint: 'signup' })).url)
    const address = `new-${signUp}@example.com`
    await through.submit({ username: address, password: LEAKED })
    return { pool, through, address }
  }

  for (const action of ['change', 'block'] as const) {
    it(`is refused at sign-up: ${action}`, async () => {
      const { pool, through, address } = await newcomer(action)
      assert.equal(failureOn(through), 'newpassword.breached')
      assert.deepEqual(await eventsOf(pool.poolId), [['failure', { occasion: 'signUp', source: 'range', action }]])
      await through.submit({ username: address, password: UNKNOWN })
      assert.equal(stepOf(through), 'confirm-sign-up')
    })
  }

  it('is taken at sign-up where the pool only tells; the mail comes once the address is proven', async () => {
    const { pool, through, address } = await newcomer('tell')
    assert.equal(stepOf(through), 'confirm-sign-up')
    const [message] = await house.inbox(address)
    const code = /\b(\d{3})\s?(\d{3})\b/.exec(message?.message.channel === 'email' ? message.message.subject : '')
    await through.submit({ code: code?.slice(1).join('') ?? '' })
    through.callback()
    assert.deepEqual((await house.inbox(address)).map(({ purpose }) => purpose).toSorted(), [
      'password-exposed',
      'sign-up-code',
    ])
    assert.deepEqual(await eventsOf(pool.poolId), [
      ['success', { occasion: 'signUp', source: 'range', action: 'tell' }],
    ])
  })
})

// Last: the service is left alone for half a minute after it failed.
describe('while the service is down', () => {
  it('sign-ins go on, unless the pool insists; passwords that prove wrong are refused as ever', async () => {
    const relaxed = await aPoolThat({ signIn: 'block' })
    const strict = await aPoolThat({ signIn: 'block', whenUnavailable: 'block' })
    const [anna, bert] = [
      await relaxed.pool.createUser({ password: 'never asked about before' }),
      await strict.pool.createUser({ password: 'nor about this one here' }),
    ]
    range.answerWith((res) => void res.writeHead(503).end())
    assert.equal((await signInWith(relaxed.party, anna)).sub, anna.sub)
    const through = await strict.arrive(bert.password, bert.username)
    assert.equal(failureOn(through), 'signin.unchecked')
    assert.equal(failureOn(await strict.arrive('some wrong sentence', bert.username)), 'signin.failed')
  })
})
