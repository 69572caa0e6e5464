/** A new password ends what others have, also where its owner was kept in by a factor. Attack 25. */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { refusalOf, refusedAtOnce } from '#tests/support/refusals.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { softwareAuthenticator } from '#tests/support/software-authenticator.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, {
    clients: { shop: {} },
    settings: { mfa: 'off', firstFactors: ['password', 'passkey'], signInLayout: 'combined' },
  })
  house.travel(0)
})
after(() => house?.stop())

it('a new password ends sessions that began after the factor its owner goes on with', async () => {
  const shop = await house.clients.shop.party()
  const ann = await house.createUser()
  const key = softwareAuthenticator({ origin: house.origin })
  const own = browser()
  const given = (): string =>
    (/<code id="passkey">([^<]*)</.exec(own.page.body)?.[1] ?? '').replace(/&#(\d+);/g, (_, code) =>
      String.fromCharCode(Number(code)),
    )
  const open = async (asked = {}) => {
    const attempt = await shop.begin(asked)
    await own.open(attempt.url)
    return attempt
  }
  await open()
  const typed = { username: ann.username, password: ann.password }
  await own.submit(typed, { button: 'Sign in', tamper: { _passkeys: 'yes' } })
  await own.submit({}, { button: 'Continue', tamper: { credential: key.create(given()) } })
  await own.submit({}, { button: 'Continue' })
  await open({ prompt: 'login' })
  await own.submit({}, { button: 'Sign in with a passkey', tamper: { credential: key.get(given()) } })
  assert.ok(own.departure)

  house.travel(120)
  const thief = await signInWith(shop, ann)
  house.travel(120)
  const attempt = await open({ screen_hint: 'change-password' })
  await own.submit({ current: ann.password, password: 'a whole new password here' })
  const { access_token } = await shop.finish(attempt, own.callback())

  await shop.userInfo(access_token, ann.sub)
  assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, thief.browser), 'login_required')
  assert.equal(await refusalOf(shop.refresh(thief.tokens.refresh_token ?? '')), 'invalid_grant')
  assert.equal(await refusalOf(shop.userInfo(thief.tokens.access_token, ann.sub)), 'invalid_token')
})
