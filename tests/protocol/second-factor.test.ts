/**
 * Second factors as apps see them: `amr`, `acr` and `auth_time` of proofs, levels asked for, and sessions that are good but
 * for a factor more. Attacks 28, 48, 49 and 50. The clock only moves forward.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { ACR_MULTI_FACTOR, ACR_PHISHING_RESISTANT, ACR_SINGLE_FACTOR, stepAt } from '#core/factors/index.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { refusedAtOnce } from '#tests/support/refusals.ts'
import type { Asked, RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const apps = authenticatorApps(systemRandom)
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

let house: TestHouse<'shop' | 'vault'>
let shop: RelyingParty
let vault: RelyingParty
let ann: TestPerson
let bo: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    settings: { mfa: 'optional', factors: { allowed: ['totp'] } },
    clients: { shop: {}, vault: { requireSecondFactor: true } },
    users: [{}, {}],
  })
  shop = await house.clients.shop.party()
  vault = await house.clients.vault.party()
  ;[ann, bo] = house.people as [TestPerson, TestPerson]
  await house.house.ports.factors.enrol(
    {
      poolId: house.poolId,
      sub: ann.sub,
      id: 'totp',
      kind: 'totp',
      name: null,
      address: null,
      credentialId: null,
      passkey: null,
      counter: 0,
      createdAt: new Date(),
      secret: SECRET,
    },
    { events: [] },
  )
})
after(() => house?.stop())

/** The next code that was not used: each step works once, so every sign-in here is a step later. */
const nextCode = (): string => {
  house.travel(30)
  return apps.codeAt(SECRET, stepAt(new Date()))
}

const page = (through: FormBrowser): string => /^[\w-]+/.exec(through.page.text)?.[0] ?? ''

const toSecondFactor = async (party: RelyingParty, person: TestPerson, asked: Asked = {}) => {
  const through = browser()
  const attempt = await party.begin(asked)
  await through.open(attempt.url)
  await through.submit({ username: person.username, password: person.password })
  return { through, finish: () => party.finish(attempt, through.callback()) }
}

const signInFully = async (party: RelyingParty, asked: Asked = {}) => {
  const { through, finish } = await toSecondFactor(party, ann, asked)
  await through.submit({ code: nextCode() })
  return { through, tokens: await finish() }
}

describe('a sign-in with two factors', () => {
  it('leaves no session behind after the first of them', async () => {
    const { through } = await toSecondFactor(shop, ann)
    assert.equal(page(through), 'totp')
    assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, through), 'login_required')
  })

  it('tells the app what was proven: amr, acr, and the time of the oldest proof', async () => {
    const { tokens } = await signInFully(shop)
    const claims = tokens.claims()
    assert.deepEqual(claims?.amr, ['pwd', 'otp', 'mfa'])
    assert.equal(claims?.acr, ACR_MULTI_FACTOR)
    const bos = await toSecondFactor(shop, bo)
    const alone = (await bos.finish()).claims()
    assert.deepEqual([alone?.amr, alone?.acr], [['pwd'], ACR_SINGLE_FACTOR])
  })

  it('cannot be skipped by asking for the end, for another page, or with an empty form', async () => {
    const { through } = await toSecondFactor(shop, ann)
    const here = through.page.url
    for (const step of ['complete', 'done', 'consent', 'recovery-codes', 'enrol-totp', 'new-password']) {
      await through.open(here.href.replace(/totp$/, step))
      assert.equal(through.departure, null, step)
    }
    await through.open(here)
    await through.submit({})
    assert.equal(page(through), 'totp')
  })
})

describe('a level that is asked for', () => {
  it('is reached on top of a good session by the missing factor alone', async () => {
    const { through } = await toSecondFactor(shop, bo)
    const attempt = await shop.begin({ acr_values: ACR_MULTI_FACTOR })
    await through.open(attempt.url)
    // Bo has no factor and the pool lets him set one up.
    assert.equal(page(through), 'enrol-factor')
  })

  it('is not asked for where the session has it', async () => {
    const { through } = await signInFully(shop)
    const attempt = await vault.begin({ acr_values: ACR_MULTI_FACTOR })
    await through.open(attempt.url)
    const claims = (await vault.finish(attempt, through.callback())).claims()
    assert.equal(claims?.acr, ACR_MULTI_FACTOR)
  })

  it('is told to the app when it is essential and cannot be reached', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: [ACR_PHISHING_RESISTANT] } } })
    const { through } = await toSecondFactor(shop, ann, { claims })
    const error = through.departure?.url.searchParams.get('error')
    assert.equal(error, 'unmet_authentication_requirements')
  })

  it('is advertised, and an unknown one is passed over', async () => {
    const metadata = (await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json()) as {
      acr_values_supported: string[]
    }
    assert.deepEqual(metadata.acr_values_supported, [ACR_SINGLE_FACTOR, ACR_MULTI_FACTOR, ACR_PHISHING_RESISTANT])
    const { finish } = await toSecondFactor(shop, bo, { acr_values: 'gold' })
    assert.equal((await finish()).claims()?.acr, ACR_SINGLE_FACTOR)
  })
})

describe('an app that asks everybody for two factors', () => {
  it('does not take the session of a password, and says so when it may not ask', async () => {
    const { through, finish } = await toSecondFactor(shop, bo)
    await finish()
    assert.equal(await refusedAtOnce(vault, { prompt: 'none' }, through), 'login_required')
    const attempt = await vault.begin({})
    await through.open(attempt.url)
    assert.equal(page(through), 'enrol-factor')
  })
})

describe('max_age', () => {
  it('asks for each method again: a fresh code does not renew an old password', async () => {
    const { through, tokens } = await signInFully(shop)
    const first = tokens.claims()
    house.travel(120)
    const attempt = await shop.begin({ max_age: '60' })
    await through.open(attempt.url)
    assert.equal(page(through), 'sign-in')
    await through.submit({ username: ann.username, password: ann.password })
    assert.equal(page(through), 'totp')
    await through.submit({ code: nextCode() })
    const again = (await shop.finish(attempt, through.callback())).claims()
    assert.ok(Number(again?.auth_time) >= Number(first?.auth_time) + 120)
  })
})
