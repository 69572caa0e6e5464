import type { Page } from '@playwright/test'
import { type Told, toldBy } from '#tests/support/answers.ts'
import type { Front } from '#tests/support/front.ts'
import { type Credentials, confirmCode, signIn, signUp } from '#tests/support/screens/account.ts'
import { follow, onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, newCredentials, test } from '../journey.ts'

/**
 * Whether somebody has an account must not show: not in status, headers, bytes or the next page. Each walk is taken by two
 * browsers, one with a name that has an account and one with a name of the same length that has none.
 */

type Walk = (page: Page, front: Front, who: Credentials) => AsyncGenerator<Told>

const WALKS: Readonly<Record<string, Walk>> = {
  async *'signing in, up to the sixth try'(page, front, who) {
    await front.enter(page)
    for (let tries = 1; tries <= 6; tries += 1) {
      yield await toldBy(page, who.email, () => signIn(page, { ...who, password: `not the one ${tries}` }))
    }
  },
  async *'signing up, and a wrong code'(page, front, who) {
    await front.enter(page, { prompt: 'create' })
    yield await toldBy(page, who.email, () => signUp(page, who))
    yield await toldBy(page, who.email, () => confirmCode(page, '1234'))
    yield await toldBy(page, who.email, () => confirmCode(page, '123456'))
  },
  async *'a forgotten password, and a wrong code'(page, front, who) {
    await front.enter(page)
    await follow(page, 'Forgot password?')
    await onPage(page, 'Reset your password')
    await page.getByLabel('Email address').fill(who.email)
    yield await toldBy(page, who.email, () => press(page, 'Send code'))
    yield await toldBy(page, who.email, () => confirmCode(page, '123456'))
  },
}

for (const [name, walk] of Object.entries(WALKS)) {
  test(`${name}: with and without an account, the same answers to the byte`, async ({
    page,
    anotherBrowser,
    front,
    estate,
  }) => {
    test.slow()
    const shop = await front()
    const known = newCredentials('known')
    const unknown = newCredentials('nobod')
    await estate.person(shop.pool, { email: known.email })
    const other = await anotherBrowser()
    const one = walk(page, shop, known)
    const two = walk(other, shop, unknown)
    for (let step = await one.next(); !step.done; step = await one.next()) {
      expect((await two.next()).value).toEqual(step.value)
    }
  })
}

test('one name at a time: the second page is the same for every name', async ({
  page,
  anotherBrowser,
  front,
  estate,
}) => {
  const shop = await front({ pool: { signInLayout: 'identifier-first' } })
  const known = newCredentials('known')
  const unknown = newCredentials('nobod')
  await estate.person(shop.pool, { email: known.email })
  const ask = async (at: Page, who: Credentials) => {
    await shop.enter(at)
    await at.getByLabel('Email address').fill(who.email)
    return toldBy(at, who.email, () => press(at, 'Continue'))
  }
  expect(await ask(await anotherBrowser(), unknown)).toEqual(await ask(page, known))
})

test('a disabled account, with its right password, answers as a wrong password does', async ({
  page,
  anotherBrowser,
  front,
  estate,
}) => {
  const shop = await front()
  const disabled = newCredentials('known')
  const unknown = newCredentials('nobod')
  const { sub } = await estate.person(shop.pool, { email: disabled.email })
  await estate.writer.update(shop.pool.id, sub, { enabled: false, at: new Date() }, { events: [] })
  const attempt = async (at: Page, who: Credentials) => {
    await shop.enter(at)
    return toldBy(at, who.email, () => signIn(at, who))
  }
  expect(await attempt(await anotherBrowser(), unknown)).toEqual(await attempt(page, disabled))
})
