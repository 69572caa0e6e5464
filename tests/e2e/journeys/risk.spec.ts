import { pgProfiles } from '#adapters/postgres/pg-risk.ts'
import { emptyProfile, learn, type SignInProfile } from '#core/risk/index.ts'
import type { Estate } from '#tests/support/estate.ts'
import { linkIn } from '#tests/support/inbox.ts'
import { aDevice, aRiskRequest } from '#tests/support/risk-facts.ts'
import { accessible } from '#tests/support/screens/accessible.ts'
import { signIn } from '#tests/support/screens/account.ts'
import { onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from '../journey.ts'

const DAY_MS = 24 * 3600 * 1000
const ENFORCED = { pool: { threatProtection: { mode: 'enforce' } } } as const
const WATCHING = { pool: { threatProtection: { mode: 'audit' } } } as const

/** A month at home until yesterday: Chrome on Windows, in German, from one line in Germany. */
const aMonthAtHome = (): SignInProfile =>
  Array.from({ length: 30 }, (_, index) => new Date(Date.now() - (30 - index) * DAY_MS)).reduce(
    (profile, at) => learn(profile, { request: aRiskRequest({ at }), device: aDevice() }),
    emptyProfile(),
  )

const rememberHome = async ({ database, secrets }: Estate, poolId: string, sub: string): Promise<void> => {
  const profiles = pgProfiles(database, secrets)
  const known = await profiles.find(poolId, sub)
  expect(await profiles.save(poolId, sub, aMonthAtHome(), known?.version ?? 0, new Date())).toBe(true)
}

test('a sign-in that is unlike its owner’s is stopped; the owner hears of it, says no, and everybody is out', async ({
  page,
  anotherBrowser,
  front,
  estate,
  inbox,
  stranger: owner,
  hasScript,
}) => {
  const { pool, enter, arrive } = await front(ENFORCED)
  const { sub } = await estate.person(pool, { ...owner })
  // New accounts are met gently: the owner comes in, and stays signed in here.
  const first = await enter(page)
  await signIn(page, owner)
  await arrive(page, first)
  await rememberHome(estate, pool.id, sub)

  const thief = await anotherBrowser()
  await enter(thief)
  await signIn(thief, owner)
  await onPage(thief, 'We stopped this sign-in')
  await expect(thief.getByText(/score|rule|device was never/i)).toHaveCount(0)
  await accessible(thief, hasScript)

  const mail = await inbox.latest(owner.email)
  expect(mail.purpose).toBe('blocked-sign-in')
  expect(mail.subject).toBe('Was this you? We stopped a sign-in to Meridian Shop')
  const link = linkIn(mail, '/wasThisYou')

  await page.goto(link)
  await onPage(page, 'Was this you?')
  await expect(page.getByText('We stopped a sign-in to your account')).toBeVisible()
  await accessible(page, hasScript)
  await press(page, "No, it wasn't me")
  await onPage(page, 'You are signed out everywhere')
  await accessible(page, hasScript)

  // The owner's own session is over too, and the link of the mail is spent.
  await enter(page)
  await onPage(page, /^Sign in to /)
  await page.goto(link)
  await onPage(page, 'This was answered already')
  await accessible(page, hasScript)
})

test('a no leads to a new password', async ({ page, anotherBrowser, front, estate, inbox, stranger: owner }) => {
  const { pool, enter } = await front(ENFORCED)
  const { sub } = await estate.person(pool, { ...owner })
  await rememberHome(estate, pool.id, sub)
  const thief = await anotherBrowser()
  await enter(thief)
  await signIn(thief, owner)
  await onPage(thief, 'We stopped this sign-in')
  await page.goto(linkIn(await inbox.latest(owner.email), '/wasThisYou'))
  await press(page, "No, it wasn't me")
  await page.getByRole('link', { name: 'Set a new password' }).click()
  await onPage(page, 'Reset your password')
})

test('a pool that only looks on stops nobody and writes to nobody', async ({
  page,
  front,
  estate,
  inbox,
  stranger: owner,
}) => {
  const { pool, enter, arrive } = await front(WATCHING)
  const { sub } = await estate.person(pool, { ...owner })
  await rememberHome(estate, pool.id, sub)
  const attempt = await enter(page)
  await signIn(page, owner)
  await arrive(page, attempt)
  expect(await inbox.all(owner.email)).toEqual([])
})
