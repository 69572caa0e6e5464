/**
 * Signing in on the pool's own form with the name and password of a directory, as an app sees it. The directory is OpenLDAP's own
 * server, with the schema of Active Directory for the staff and its own for other people.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { LdapProviderSettings } from '#core/federation/index.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { type Relay, startRelay } from '#tests/support/ldap/relay.ts'
import { findSlapd, type Slapd, startSlapd } from '#tests/support/ldap/slapd.ts'
import { GROUPS, PASSWORD, PEOPLE, READER, STAFF } from '#tests/support/ldap/staff.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse, type TestPool } from '#tests/support/test-house.ts'

const isAllowedMissing = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('slapd')
const skip = findSlapd() === null && isAllowedMissing ? 'slapd is missing, which is allowed' : false

let slapd: Slapd
let relay: Relay
let house: TestHouse

const corp = (change: object = {}): LdapProviderSettings =>
  LdapProviderSettings.parse({
    kind: 'ldap',
    name: 'Corp',
    schema: 'ad',
    servers: [`ldaps://localhost:${relay.port}`],
    ca: slapd.authority,
    timeoutMs: 2000,
    bind: { mode: 'searchThenBind', serviceName: READER.name },
    searchBase: STAFF,
    groups: { from: 'memberOf' },
    groupRules: [{ claim: 'groups', equals: `cn=Payroll,${GROUPS}`, group: 'payroll' }],
    attributeMapping: { email: 'mail', name: 'sAMAccountName' },
    trustsEmail: 'always',
    emailDomains: ['example.com'],
    ...('forEverybody' in change ? {} : { identifiers: ['corp.example'] }),
    ...change,
  })

const EVERYBODY = {
  name: 'People',
  schema: 'openldap',
  searchBase: PEOPLE,
  forEverybody: true,
  groups: { from: 'none' },
}

interface Shop {
  pool: TestPool
  party: RelyingParty
  put(change?: object): Promise<void>
  change(change: object): Promise<void>
}

/** A pool of its own, with an app and a directory. */
const aShop = async (change: object = {}): Promise<Shop> => {
  const pool = await house.createPool()
  const client = await pool.createClient()
  const { providers } = house.house.federation
  const put = async (more: object = {}) => {
    const settings = corp(more)
    const now = new Date()
    const provider = { poolId: pool.poolId, name: settings.name, settings, createdAt: now, updatedAt: now }
    must(await providers.create(provider, READER.password, { events: [] }))
  }
  await put(change)
  return {
    pool,
    party: await client.party(),
    put,
    async change(more) {
      const settings = corp({ ...change, ...more })
      const known = (await providers.find(pool.poolId, settings.name)) ?? assert.fail('no such provider')
      must(await providers.change({ ...known, settings, updatedAt: new Date() }, undefined, { events: [] }))
    },
  }
}

const type = async ({ party }: Shop, username: string, password = PASSWORD, through: FormBrowser = browser()) => {
  const attempt = await party.begin()
  await through.open(attempt.url)
  await through.submit({ username, password }, { button: 'Sign in' })
  return { attempt, through }
}
type Typed = Awaited<ReturnType<typeof type>>

const claimsOf = async ({ party }: Shop, { attempt, through }: Typed) =>
  (await party.finish(attempt, through.callback())).claims() ?? assert.fail('no ID token')
const signIn = async (shop: Shop, username: string, password = PASSWORD) =>
  claimsOf(shop, await type(shop, username, password))

/** The page stays where it was, with these words. */
const refused = async (shop: Shop, words: RegExp, username: string, password = PASSWORD) => {
  const { through } = await type(shop, username, password)
  assert.equal(through.page.url.pathname.split('/').at(-1), 'sign-in')
  assert.match(through.page.text, words)
}

const lastReason = async ({ pool }: Shop): Promise<string> => {
  const { rows } = await house.house.database.pool.query<{ reason: string; detail: Record<string, string> }>(
    `SELECT reason, detail FROM auth_event WHERE pool_id = $1 AND type = 'sign_in.step' ORDER BY created_at DESC, id DESC LIMIT 1`,
    [pool.poolId],
  )
  return `${rows[0]?.detail.provider} ${rows[0]?.reason}: ${rows[0]?.detail.because?.split(':')[0]}`
}

describe('signing in with the password of a directory', { skip }, () => {
  before(async () => {
    slapd = await startSlapd()
    relay = await startRelay(Number(new URL(slapd.tls).port))
    house = await startTestHouse(null)
  })
  after(async () => {
    await house?.stop()
    await relay?.become('away')
    await slapd?.stop()
  })

  it('refuses what the directory refuses: a wrong password, nobody, a disabled account, one that has run out', async () => {
    const shop = await aShop()
    for (const [login, password, reason] of [
      ['ann@corp.example', 'wrong', 'wrong-credentials: bind-refused'],
      ['nobody@corp.example', PASSWORD, 'wrong-credentials: entry-missing'],
      ['dan@corp.example', PASSWORD, 'user-disabled: account-disabled'],
      ['eve@corp.example', PASSWORD, 'user-disabled: account-expired'],
    ] as const) {
      await refused(shop, /signin\.failed/, login, password)
      assert.equal(await lastReason(shop), `Corp ${reason}`)
    }
    await refused(shop, /signin\.passwordExpired/, 'mia@corp.example')
    await refused(shop, /password\.empty/, 'ann@corp.example', '')
  })

  it('refuses the right password too once there were too many wrong ones', async () => {
    const shop = await aShop()
    for (let n = 0; n < 5; n++) await refused(shop, /signin\.failed/, 'odd@corp.example', 'wrong')
    const mark = slapd.mark()
    await refused(shop, /signin\.throttled/, 'odd@corp.example')
    await signIn(shop, 'ann@corp.example')
    assert.doesNotMatch(await slapd.saidSince(mark, /BIND dn="cn=ann/), /BIND dn="cn=odd/)
  })

  it('signs nobody in while the directory is away or silent, says so, and goes on when it is back', async () => {
    const shop = await aShop()
    await relay.become('away')
    await refused(shop, /upstream\.unreachable/, 'ann@corp.example')
    assert.equal(await lastReason(shop), 'Corp upstream-unreachable: not-reached')
    await relay.become('silent')
    await refused(shop, /upstream\.slow/, 'ann@corp.example')
    assert.equal(await lastReason(shop), 'Corp upstream-slow: too-slow')
    await relay.become('there')
    assert.equal((await signIn(shop, 'ann@corp.example')).email, 'ann@example.com')
  })

  it('signs nobody in where the certificate is not the right one’s', async () => {
    const shop = await aShop()
    await shop.change({ ca: null })
    await refused(shop, /upstream\.unreachable/, 'ann@corp.example')
    assert.equal(await lastReason(shop), 'Corp upstream-unreachable: certificate-refused')
  })

  it('gives the app plain OpenID Connect: one person, the first time and the second, in the groups of the rules', async () => {
    const shop = await aShop()
    const claims = await signIn(shop, 'ann@corp.example')
    assert.equal(claims.email, 'ann@example.com')
    assert.deepEqual(claims.amr, ['pwd'])
    assert.match(String(claims['cognito:username']), /^Corp_/)
    assert.deepEqual([...(claims['cognito:groups'] as string[])].sort(), [`${shop.pool.poolId}_Corp`, 'payroll'].sort())
    assert.equal((await signIn(shop, 'ANN@corp.example')).sub, claims.sub)
  })

  it('asks a directory for everybody about names that nobody has here, and never about those of others', async () => {
    const shop = await aShop(EVERYBODY)
    const cy = await shop.pool.createUser()
    assert.equal((await signIn(shop, cy.username, cy.password)).sub, cy.sub)
    const { sub } = await signIn(shop, 'bea')
    assert.equal((await signIn(shop, 'bea@example.com')).sub, sub)
    await refused(shop, /signin\.failed/, cy.username, PASSWORD.toUpperCase())
    assert.equal(await lastReason(shop), 'undefined wrong-credentials: undefined')
  })

  it('offers the account with the same address, and connects it once that is proven', async () => {
    const shop = await aShop()
    const own = 'a password of their own'
    const attributes = { email: 'ann@example.com', email_verified: true }
    const ann = await shop.pool.createUser({ attributes, password: own })
    const typed = await type(shop, 'ann@corp.example')
    const { through } = typed
    assert.equal(through.page.url.pathname.split('/').at(-1), 'link-account')
    await through.submit({}, { button: 'Confirm it’s you' })
    await through.submit({ username: 'ann@example.com', password: own }, { button: 'Sign in' })
    assert.equal(through.page.url.pathname.split('/').at(-1), 'connect-provider')
    await through.submit({}, { button: 'Connect' })
    assert.equal((await claimsOf(shop, typed)).sub, ann.sub)
    assert.equal((await signIn(shop, 'ann@corp.example')).sub, ann.sub)
    assert.equal((await signIn(shop, 'ann@example.com', own)).sub, ann.sub)
  })

  it('captures passwords, so that people come in by the same one when the directory is switched off', async () => {
    const shop = await aShop({ capturesPasswords: true, matchBy: ['userPrincipalName', 'mail'] })
    const { sub } = await signIn(shop, 'ann@corp.example')
    const mark = slapd.mark()
    assert.equal((await signIn(shop, 'ann@example.com')).sub, sub)
    await slapd.saidSince(mark, /BIND dn="cn=ann,/)
    await shop.change({ enabled: false })
    await refused(shop, /signin\.failed/, 'ann@example.com', 'wrong')
    assert.equal((await signIn(shop, 'ann@example.com')).sub, sub)
  })

  it('lets people change their password there', async () => {
    const shop = await aShop({ ...EVERYBODY, mayChangePasswords: true })
    const typed = await type(shop, 'cleo')
    const { sub } = await claimsOf(shop, typed)
    const attempt = await shop.party.begin({ screen_hint: 'change-password' })
    await typed.through.open(attempt.url)
    await typed.through.submit({ current: PASSWORD, password: 'short' }, { button: 'Save' })
    assert.match(typed.through.page.text, /newpassword\.refused/)
    await typed.through.submit({ current: PASSWORD, password: 'another-good-one' }, { button: 'Save' })
    await shop.party.finish(attempt, typed.through.callback())
    await refused(shop, /signin\.failed/, 'cleo')
    assert.equal((await signIn(shop, 'cleo', 'another-good-one')).sub, sub)
  })

  it('is looked at like any other provider', async () => {
    const shop = await aShop()
    const { federation } = house.house
    const known = (await federation.providers.find(shop.pool.poolId, 'Corp')) ?? assert.fail('no such provider')
    const lines = await (await federation.checkOf(known)).check()
    assert.ok(lines.some(({ line, ok }) => line === 'service account' && ok))
  })
})
