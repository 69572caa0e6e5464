/**
 * The cookie by which a browser is known to its person: how it is set, what it spares, and whom it does not (attack
 * 49). The clock only moves forward.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { deviceCookieKey, stepAt } from '#core/factors/index.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson, type TestPool } from '#tests/support/test-house.ts'

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const apps = authenticatorApps(systemRandom)
const settings: PoolSettingsInput = {
  mfa: 'optional',
  factors: { allowed: ['totp'] },
  devices: { remember: 'asked', days: 30 },
}

let house: TestHouse<'shop'>
let elsewhere: TestPool
let shop: RelyingParty
let otherShop: RelyingParty
let ann: TestPerson
let bo: TestPerson
let cy: TestPerson

const withApp = async ({ poolId }: Pick<TestPool, 'poolId'>, { sub }: TestPerson): Promise<void> => {
  await house.house.ports.factors.enrol(
    {
      poolId,
      sub,
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
}

before(async () => {
  house = await startTestHouse(null, { settings, clients: { shop: {} }, users: [{}, {}] })
  ;[ann, bo] = house.people as [TestPerson, TestPerson]
  elsewhere = await house.createPool({ settings })
  cy = await elsewhere.createUser()
  shop = await house.clients.shop.party()
  otherShop = await (await elsewhere.createClient()).party()
  await withApp(house, ann)
  await withApp(house, bo)
  await withApp(elsewhere, cy)
})
after(() => house?.stop())

const stepOf = (through: FormBrowser): string => /^[\w-]+/.exec(through.page.text)?.[0] ?? ''

const typePassword = async (through: FormBrowser, party: RelyingParty, person: TestPerson) => {
  const attempt = await party.begin({ prompt: 'login' })
  await through.open(attempt.url)
  await through.submit({ username: person.username, password: person.password })
  return { finish: () => party.finish(attempt, through.callback()) }
}

const signInWithCode = async (through: FormBrowser, party: RelyingParty, person: TestPerson, remembers: boolean) => {
  const { finish } = await typePassword(through, party, person)
  house.travel(30)
  const code = apps.codeAt(SECRET, stepAt(new Date()))
  await through.submit({ code }, remembers ? { tamper: { remember: 'on' } } : {})
  return finish()
}

const isAsked = async (through: FormBrowser, party: RelyingParty, person: TestPerson): Promise<boolean> => {
  await typePassword(through, party, person)
  return through.departure === null && stepOf(through) === 'totp'
}

const deviceCookies = async (through: FormBrowser, { issuer }: Pick<TestPool, 'issuer'>) =>
  (await through.cookiesFor(issuer)).filter(({ name }) => name.startsWith('portico_device_'))

/** As if the browser held that secret for somebody. */
const plant = async (through: FormBrowser, pool: TestPool, { sub }: TestPerson, secret: string): Promise<void> => {
  const name = `portico_device_${deviceCookieKey(house.house.secrets, pool.poolId, sub)}`
  await through.cookies.setCookie(`${name}=${secret}; Path=/${pool.poolId}`, pool.issuer)
}

describe('the cookie of a person’s browser', () => {
  it('is set by the sign-in, for this pool’s pages alone, out of reach of script and of other sites', async () => {
    const through = browser()
    await signInWithCode(through, shop, ann, false)
    const [cookie, ...more] = await deviceCookies(through, house)
    assert.deepEqual([cookie?.path, cookie?.httpOnly, more], [`/${house.poolId}`, true, []])
    assert.match(cookie?.value ?? '', /^[\w-]{43}$/)
    const kept = (await through.cookies.getCookies(house.issuer)).find(({ key }) => key === cookie?.name)
    assert.equal(kept?.sameSite, 'lax')
    assert.deepEqual(await deviceCookies(through, elsewhere), [])
  })

  it('is not set by a password that owes a second factor', async () => {
    const through = browser()
    assert.ok(await isAsked(through, shop, ann))
    assert.deepEqual(await deviceCookies(through, house), [])
  })

  it('spares nothing where the person did not ask to be remembered', async () => {
    const through = browser()
    await signInWithCode(through, shop, ann, false)
    assert.ok(await isAsked(through, shop, ann))
  })

  it('spares the second factor where they did, and is told from a second factor by the app', async () => {
    const through = browser()
    await signInWithCode(through, shop, ann, true)
    const { finish } = await typePassword(through, shop, ann)
    const claims = (await finish()).claims()
    assert.ok(!String(claims?.amr).includes('otp'))
    house.travel(30 * 86_400)
    assert.ok(await isAsked(through, shop, ann))
  })

  it('spares nobody else who uses the same browser', async () => {
    const through = browser()
    await signInWithCode(through, shop, ann, true)
    assert.ok(await isAsked(through, shop, bo))
    assert.ok(!(await isAsked(through, shop, ann)))
  })

  it('spares nobody under whose name it is planted, in this pool or another', async () => {
    const through = browser()
    await signInWithCode(through, shop, ann, true)
    const [cookie] = await deviceCookies(through, house)
    await plant(through, house, bo, cookie?.value ?? '')
    await plant(through, elsewhere, cy, cookie?.value ?? '')
    assert.ok(await isAsked(through, shop, bo))
    assert.ok(await isAsked(through, otherShop, cy))
  })

  it('is not taken over from who planted it: the sign-in makes a secret of its own', async () => {
    const through = browser()
    const planted = 'p'.repeat(43)
    await plant(through, house, bo, planted)
    await signInWithCode(through, shop, bo, true)
    const [cookie] = await deviceCookies(through, house)
    assert.notEqual(cookie?.value, planted)
    const thief = browser()
    await plant(thief, house, bo, planted)
    assert.ok(await isAsked(thief, shop, bo))
  })

  it('spares nothing once the browser was forgotten', async () => {
    const through = browser()
    await signInWithCode(through, shop, bo, true)
    const { devices } = house.house.ports
    for (const { id } of await devices.list(house.poolId, bo.sub))
      await devices.forget(house.poolId, bo.sub, id, { events: [] })
    assert.ok(await isAsked(through, shop, bo))
  })
})
