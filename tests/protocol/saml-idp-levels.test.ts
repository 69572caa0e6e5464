/** Levels of a sign-in in SAML's words (SAML 2.0 Core §3.3.2.2.1): the journey asks for the factor that is missing. */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { stepAt } from '#core/factors/index.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import {
  type Arrived,
  arrivedAt,
  authnRequestXml,
  clientOf,
  redirected,
  requestedContext,
  testSp,
} from '#tests/support/saml/test-sp.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const apps = authenticatorApps(systemRandom)
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const MFA = 'https://refeds.org/profile/mfa'
const MICROSOFT = 'http://schemas.microsoft.com/claims/multipleauthn'

let house: TestHouse
let ann: TestPerson
const sp = testSp()
before(async () => {
  house = await startTestHouse(null, {
    settings: { mfa: 'optional', factors: { allowed: ['totp'] }, session: { maxMinutes: 60 } },
    users: [{}],
  })
  ;[ann] = house.people as [TestPerson]
  await house.createClient(clientOf(sp))
})
after(() => house?.stop())

const ask = async (through: FormBrowser, inside: string, isPassive: string | null = null): Promise<void> => {
  const ssoUrl = `${house.issuer}/saml2/idp/sso`
  const xml = authnRequestXml(sp, ssoUrl, { inside, isPassive })
  await through.open(redirected(ssoUrl, 'SAMLRequest', xml, { key: null }))
}
const carried = async (through: FormBrowser): Promise<Arrived> => {
  await through.submit({})
  assert.ok(through.departure)
  return arrivedAt(through.departure)
}
const page = (through: FormBrowser): string => /^[\w-]+/.exec(through.page.text)?.[0] ?? ''

it('a password is enough for who asks for one, and a second factor is asked for on top of it by who wants two', async () => {
  const through = browser()
  await ask(through, '')
  await through.submit({ username: ann.username, password: ann.password })
  const first = await carried(through)
  assert.equal(first.one('AuthnContextClassRef'), PASSWORD)

  await house.house.ports.factors.enrol(
    {
      ...{ poolId: house.poolId, sub: ann.sub, id: 'totp', kind: 'totp', name: null, address: null },
      ...{ credentialId: null, passkey: null, counter: 0, createdAt: new Date(), secret: SECRET },
    },
    { events: [] },
  )
  await ask(through, requestedContext('exact', MFA), 'true')
  assert.match(
    (await carried(through)).all('StatusCode', 'Value').join(' '),
    /Responder .*(?:NoPassive|NoAuthnContext)$/,
  )

  await ask(through, requestedContext('exact', MICROSOFT, MFA))
  assert.equal(page(through), 'totp')
  house.travel(30)
  await through.submit({ code: apps.codeAt(SECRET, stepAt(new Date())) })
  const second = await carried(through)
  assert.equal(second.one('AuthnContextClassRef'), MICROSOFT)
  assert.equal(second.one('NameID'), first.one('NameID'))

  await ask(through, requestedContext('minimum', PASSWORD))
  assert.equal((await carried(through)).one('AuthnContextClassRef'), MFA)
})
