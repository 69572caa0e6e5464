/** Passkeys over the wire: real posts, a real database, an authenticator in software. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { type Lie, type SoftwareAuthenticator, softwareAuthenticator } from '#tests/support/software-authenticator.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse
before(async () => {
  house = await startTestHouse(null)
})
after(() => house?.stop())

const BUTTON = 'Sign in with a passkey'
const stepOf = (through: FormBrowser): string => through.page.url.pathname.split('/').at(-1) ?? ''
const failureOn = (through: FormBrowser): string => /id="failure">([^<]*)/.exec(through.page.body)?.[1] ?? ''

/** What the page gives to its script. */
const given = (through: FormBrowser): string => {
  const found = /<code id="passkey">([^<]*)</.exec(through.page.body)?.[1]
  if (found === undefined) throw new Error(`no passkey is asked for at ${stepOf(through)}`)
  return found.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}

const opened = async (party: RelyingParty, asked = {}) => {
  const attempt = await party.begin(asked)
  const through = browser()
  await through.open(attempt.url)
  return { through, finish: () => party.finish(attempt, through.callback()) }
}

const byPassword = async (through: FormBrowser, username: string, password: string): Promise<void> => {
  if (through.page.body.includes('name="password"')) {
    await through.submit({ username, password }, { button: 'Sign in', tamper: { _passkeys: 'yes' } })
    return
  }
  await through.submit({ username }, { tamper: { _passkeys: 'yes' } })
  await through.submit({ password }, { button: 'Sign in' })
}

const answer = (through: FormBrowser, authenticator: SoftwareAuthenticator, lie: Lie = {}) =>
  through.submit({}, { button: BUTTON, tamper: { credential: authenticator.get(given(through), lie) } })

/** A pool, an app, and a person who took the offer of a passkey. */
const aPoolWithPasskey = async (settings: PoolSettingsInput = {}, traits = {}) => {
  const pool = await house.createPool({ settings: { firstFactors: ['password', 'passkey'], ...settings } })
  const party = await (await pool.createClient()).party()
  const person = await pool.createUser()
  const authenticator = softwareAuthenticator({ origin: house.origin, ...traits })
  const { through } = await opened(party)
  await byPassword(through, person.username, person.password)
  assert.equal(stepOf(through), 'offer-passkey')
  await through.submit({}, { button: 'Continue', tamper: { credential: authenticator.create(given(through)) } })
  await through.submit({}, { button: 'Continue' })
  if (stepOf(through) === 'recovery-codes') await through.submit({ saved: true })
  assert.ok(through.departure, 'the journey ends at the app')
  return { pool, party, person, authenticator }
}

describe('a passkey over the wire', () => {
  it('signs in without a name, and the ID token says how strongly', async () => {
    const { party, person, authenticator } = await aPoolWithPasskey({}, { syncs: true })
    const { through, finish } = await opened(party)
    await answer(through, authenticator)
    const claims = (await finish()).claims()
    assert.equal(claims?.sub, person.sub)
    assert.deepEqual(claims?.amr, ['swk', 'user', 'mfa'])
    assert.equal(claims?.acr, 'urn:portico:acr:phishing-resistant')
  })

  it('reaches the level an app demands, where a password would not', async () => {
    const { party, authenticator } = await aPoolWithPasskey({ mfa: 'optional' })
    const { through, finish } = await opened(party, { acr_values: 'urn:portico:acr:phishing-resistant' })
    assert.equal(JSON.parse(given(through)).userVerification, 'required')
    await answer(through, authenticator)
    assert.equal((await finish()).claims()?.acr, 'urn:portico:acr:phishing-resistant')
  })

  it('of one pool is nobody’s in another, though both are at one host', async () => {
    const { authenticator } = await aPoolWithPasskey()
    const other = await aPoolWithPasskey()
    const { through } = await opened(other.party)
    await answer(through, authenticator)
    assert.equal(failureOn(through), 'passkey.unknown')
  })

  it('cannot be played again, in this journey or another', async () => {
    const { party, authenticator } = await aPoolWithPasskey()
    const { through } = await opened(party)
    const used = authenticator.get(given(through))
    const other = await opened(party)
    await other.through.submit({}, { button: BUTTON, tamper: { credential: used } })
    assert.equal(failureOn(other.through), 'passkey.refused')
    await through.submit({}, { button: BUTTON, tamper: { credential: 'nonsense' } })
    await through.submit({}, { button: BUTTON, tamper: { credential: used } })
    assert.equal(failureOn(through), 'passkey.refused')
    assert.equal(through.departure, null)
  })

  it('whose counter went back is refused, and the event says that there may be a copy', async () => {
    const { pool, party, authenticator } = await aPoolWithPasskey()
    await answer((await opened(party)).through, authenticator, { counter: 40 })
    const { through } = await opened(party)
    await answer(through, authenticator, { counter: 40 })
    assert.equal(failureOn(through), 'passkey.cloned')
    const { rows } = await house.house.database.pool.query<{ reason: string }>(
      `SELECT reason FROM auth_event WHERE pool_id = $1 AND type = 'factor.cloned'`,
      [pool.poolId],
    )
    assert.deepEqual(rows, [{ reason: 'passkey-cloned' }])
  })

  it('keeps nothing of what it is beyond its public facts: no name, no address', async () => {
    const { pool, person, authenticator } = await aPoolWithPasskey()
    const { rows } = await house.house.database.pool.query<{ row: string }>(
      'SELECT factor::text AS row FROM factor WHERE pool_id = $1',
      [pool.poolId],
    )
    assert.equal(rows.length, 1)
    assert.ok(rows[0]?.row.includes(authenticator.ids[0] ?? '?'))
    assert.ok(!rows[0]?.row.includes(person.username))
  })

  it('is asked for in the same bytes whether or not the name typed before has one', async () => {
    const { party, person } = await aPoolWithPasskey()
    const pages: string[] = []
    for (const username of [person.username, 'nobody-at-all@example.com']) {
      const { through } = await opened(party)
      const fresh = given(through)
      await byPassword(through, username, 'not the password at all')
      const page = through.page.body.includes('id="passkey"') ? given(through) : fresh
      const { challenge } = JSON.parse(page) as { challenge: string }
      assert.notEqual(JSON.parse(fresh).challenge, through.page.body.includes('id="passkey"') ? challenge : null)
      pages.push(page.replace(challenge, ''))
    }
    assert.equal(pages[0], pages[1])
  })
})

describe('a passkey that a signed-in person adds', () => {
  it('is made on the session of a moment ago, by its own address, and another one beside it', async () => {
    const pool = await house.createPool({ settings: { factors: { recoveryCodes: false } } })
    const client = await pool.createClient()
    const party = await client.party()
    const person = await pool.createUser()
    const attempt = await party.begin()
    const through = browser()
    await through.open(attempt.url)
    await through.submit({ username: person.username, password: person.password })
    await party.finish(attempt, through.callback())

    for (const count of [1, 2]) {
      const authenticator = softwareAuthenticator({ origin: house.origin })
      const adding = await party.begin()
      const address = new URL(`${pool.issuer}/passkeys/add`)
      address.search = adding.url.search
      await through.open(address)
      assert.equal(stepOf(through), 'enrol-passkey')
      assert.equal(JSON.parse(given(through)).excludeCredentials.length, count - 1)
      await through.submit({}, { button: 'Continue', tamper: { credential: authenticator.create(given(through)) } })
      await through.submit({}, { button: 'Continue' })
      const claims = (await party.finish(adding, through.callback())).claims()
      assert.ok(JSON.stringify(claims?.amr).includes('hwk'))
      assert.equal((await house.house.ports.factors.list(pool.poolId, person.sub)).length, count)
    }
  })

  it('asks a stranger to sign in first', async () => {
    const pool = await house.createPool()
    const party = await (await pool.createClient()).party()
    const through = browser()
    const address = new URL(`${pool.issuer}/passkeys/add`)
    address.search = (await party.begin()).url.search
    await through.open(address)
    assert.equal(stepOf(through), 'sign-in')
  })

  it('is found by keepers of passkeys at a well-known address', async () => {
    const { issuer } = await house.createPool()
    const read = async (address: string) => (await fetch(address)).json()
    assert.deepEqual(await read(`${issuer}/.well-known/passkey-endpoints`), {
      enroll: `${issuer}/account/confirm?for=methods&add=passkey`,
      manage: `${issuer}/account/methods`,
    })
    const without = await house.createPool({ settings: { factors: { allowed: ['totp'] } } })
    assert.deepEqual(await read(`${without.issuer}/.well-known/passkey-endpoints`), {})
    assert.deepEqual(await read(`${house.origin}/.well-known/passkey-endpoints`), {})
  })
})

describe('settings of passkeys', () => {
  it('bind them to the pool’s host, or to a domain it belongs to, and to nothing else', async () => {
    for (const relyingPartyId of ['evil.example', 'sub.localhost', 'host', 'LOCALHOST', 'localhost:80', 'a b']) {
      const pool = { poolId: house.poolId, settings: { passkeys: { relyingPartyId } } }
      const answer = await house.admin.pools.change(pool)
      assert.equal(answer.ok, false, relyingPartyId)
      assert.equal(!answer.ok && answer.failure.code, 'settings-refused')
    }
    const settings = { passkeys: { relyingPartyId: 'localhost' } }
    assert.equal((await house.admin.pools.change({ poolId: house.poolId, settings })).ok, true)
  })
})
