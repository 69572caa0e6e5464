/** Apps of other people ask before they learn anything; the pool’s own do not. Lines 10 and 31 of docs/conformance.md; attacks 27 and 78. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { refusedAtOnce } from '#tests/support/refusals.ts'
import type { Asked, Attempt, RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const SCOPE = 'openid email orders/read'

let house: TestHouse<'own' | 'foreign'>
let own: RelyingParty
let foreign: RelyingParty
before(async () => {
  const scopes = ['openid', 'email', 'profile', 'orders/read', 'orders/write']
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read', 'write'] },
    clients: { own: { scopes }, foreign: { scopes, firstParty: false } },
  })
  own = await house.clients.own.party({ scope: SCOPE })
  foreign = await house.clients.foreign.party({ scope: SCOPE })
})
after(() => house?.stop())

/** Opens a request and signs in where asked to; leaves the browser at whatever comes then. */
const arrive = async (
  party: RelyingParty,
  person: TestPerson,
  through: FormBrowser,
  asked: Asked = {},
): Promise<Attempt> => {
  const attempt = await party.begin(asked)
  await through.open(attempt.url)
  if (through.departure === null && /^sign-in/.test(through.page.text))
    await through.submit({ username: person.username, password: person.password })
  return attempt
}
const isAsked = (through: FormBrowser) => through.departure === null && /^consent/.test(through.page.text)
const scopeOf = async (party: RelyingParty, attempt: Attempt, through: FormBrowser) =>
  (await party.verified((await party.finish(attempt, through.callback())).access_token)).scope

describe('an app of the pool’s own', () => {
  it('gets what it asks for without a question', async () => {
    const through = browser()
    const attempt = await arrive(own, await house.createUser(), through)
    assert.equal(await scopeOf(own, attempt, through), SCOPE)
  })
})

describe('an app of somebody else', () => {
  it('asks once, and is remembered in every browser', async () => {
    const person = await house.createUser()
    const first = browser()
    const attempt = await arrive(foreign, person, first)
    assert.ok(isAsked(first))
    await first.submit({}, { button: 'Allow' })
    assert.equal(await scopeOf(foreign, attempt, first), SCOPE)
    const again = await arrive(foreign, person, first)
    assert.equal(await scopeOf(foreign, again, first), SCOPE)
    const second = browser()
    const elsewhere = await arrive(foreign, person, second)
    assert.equal(await scopeOf(foreign, elsewhere, second), SCOPE)
  })

  it('asks again when it wants more, or says prompt=consent', async () => {
    const person = await house.createUser()
    const through = browser()
    await arrive(foreign, person, through)
    await through.submit({}, { button: 'Allow' })
    await arrive(foreign, person, through, { scope: `${SCOPE} orders/write` })
    assert.ok(isAsked(through))
    await arrive(foreign, person, through, { prompt: 'consent' })
    assert.ok(isAsked(through))
  })

  it('hears access_denied when the person says no, and is asked anew next time', async () => {
    const person = await house.createUser()
    const through = browser()
    const attempt = await arrive(foreign, person, through)
    await through.submit({}, { button: 'Cancel' })
    const back = through.callback().searchParams
    assert.equal(back.get('error'), 'access_denied')
    assert.equal(back.get('state'), attempt.url.searchParams.get('state'))
    await arrive(foreign, person, through)
    assert.ok(isAsked(through))
  })

  it('gets no more than the person ticked', async () => {
    const person = await house.createUser()
    const through = browser()
    const attempt = await arrive(foreign, person, through, { scope: `${SCOPE} orders/write` })
    await through.submit({ scope: ['orders/write'] }, { button: 'Allow' })
    assert.equal(await scopeOf(foreign, attempt, through), 'openid email orders/write')
  })

  it('cannot be given what it did not ask for', async () => {
    const person = await house.createUser()
    const through = browser()
    const attempt = await arrive(foreign, person, through)
    await through.submit({}, { button: 'Allow', tamper: { scope: 'orders/write' } })
    const scope = String(await scopeOf(foreign, attempt, through))
    assert.ok(!scope.includes('orders/write'), scope)
  })

  it('that wants silence hears consent_required from somebody who is signed in and was never asked', async () => {
    const person = await house.createUser()
    const through = browser()
    await arrive(own, person, through)
    assert.equal(await refusedAtOnce(foreign, { prompt: 'none' }, through), 'consent_required')
  })

  it('asks for permission alone where the person is signed in already', async () => {
    const person = await house.createUser()
    const through = browser()
    await arrive(own, person, through)
    const attempt = await foreign.begin()
    await through.open(attempt.url)
    assert.ok(isAsked(through))
    await through.submit({}, { button: 'Allow' })
    assert.equal((await foreign.finish(attempt, through.callback())).claims()?.sub, person.sub)
  })

  it('needs no permission to learn who somebody is, and nothing else', async () => {
    const through = browser()
    const person = await house.createUser()
    const attempt = await arrive(foreign, person, through, { scope: 'openid' })
    const claims = (await foreign.finish(attempt, through.callback())).claims()
    assert.equal(claims?.sub, person.sub)
    assert.equal(claims?.email, undefined)
  })
})
