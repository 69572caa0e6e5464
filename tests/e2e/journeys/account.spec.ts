import type { Page } from '@playwright/test'
import { codeIn, linkIn } from '#tests/support/inbox.ts'
import { accessible } from '#tests/support/screens/accessible.ts'
import { signIn } from '#tests/support/screens/account.ts'
import { follow, onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { expect, newCredentials, test } from '../journey.ts'

/** A person's own account, script on and off. */

const sound = async (page: Page, hasScript: boolean): Promise<void> => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth).catch(() => false)
  expect(wide).toBe(false)
  await accessible(page, hasScript)
}

const PAGES = [
  ['Profile', 'Profile'],
  ['Sign-in methods', 'Sign-in methods'],
  ['Sessions and devices', 'Sessions and devices'],
  ['Activity', 'Activity'],
  ['Apps with access', 'Apps with access'],
  ['Your data', 'Your data'],
  ['Language', 'Language'],
  ['Delete account', 'Delete account'],
] as const

test('every page of one’s account is reached from its list, by anybody, at 320 pixels', async ({
  page,
  front,
  estate,
  stranger,
  hasScript,
}) => {
  const { pool, base } = await front()
  await estate.person(pool, { email: stranger.email })
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto(`${base}/account`)
  await signIn(page, stranger)
  await onPage(page, 'Your account')
  await sound(page, hasScript)
  for (const [link, heading] of PAGES) {
    await page.getByRole('navigation', { name: 'Your account' }).getByRole('link', { name: link, exact: true }).click()
    await onPage(page, heading)
    await sound(page, hasScript)
    await follow(page, 'All of your account')
    await onPage(page, 'Your account')
  }
})

test('a changed password signs out the other browser and not this one', async ({
  page,
  front,
  estate,
  stranger,
  anotherBrowser,
}) => {
  const { pool, base } = await front()
  await estate.person(pool, { email: stranger.email })
  const elsewhere = await anotherBrowser()
  await elsewhere.goto(`${base}/account`)
  await signIn(elsewhere, stranger)
  await onPage(elsewhere, 'Your account')
  await page.goto(`${base}/.well-known/change-password`)
  await signIn(page, stranger)
  await onPage(page, 'Password')
  await page.getByLabel('Current password').fill('wrong')
  await page.getByLabel('New password').fill('another horse battery staple')
  await press(page, 'Change password')
  await refusedWith(page, 'The current password is not right.')
  await page.getByLabel('Current password').fill(stranger.password)
  await page.getByLabel('New password').fill('another horse battery staple')
  await press(page, 'Change password')
  await expect(page.getByText('Your password was changed.')).toBeVisible()
  await elsewhere.goto(`${base}/account`)
  await onPage(elsewhere, /^Sign in to/)
})

test('a new address counts once its code came back, and the old one can take it back', async ({
  page,
  front,
  estate,
  stranger,
  inbox,
  anotherBrowser,
}) => {
  const { pool, base } = await front()
  await estate.person(pool, { email: stranger.email })
  const next = newCredentials('ines.new').email
  await page.goto(`${base}/account/email`)
  await signIn(page, stranger)
  await page.getByLabel('New email address').fill(next)
  await press(page, 'Send code')
  await page.getByLabel('6-digit code').fill(codeIn(await inbox.latest(next)))
  await press(page, 'Confirm code')
  await expect(page.getByText('Your new address is in use.')).toBeVisible()
  await expect(page.getByText(next).first()).toBeVisible()

  const elsewhere = await anotherBrowser()
  await elsewhere.goto(linkIn(await inbox.latest(stranger.email), '/account/undo'))
  await onPage(elsewhere, 'Bring your address back')
  await press(elsewhere, 'Bring it back')
  await onPage(elsewhere, 'Your address is back')
  await page.goto(`${base}/account`)
  await onPage(page, /^Sign in to/)
})

test('an account on its way out is kept by signing in', async ({ page, front, estate, stranger }) => {
  const { pool, base, enter } = await front()
  await estate.person(pool, { email: stranger.email })
  await page.goto(`${base}/account/delete`)
  await signIn(page, stranger)
  await onPage(page, 'Delete account')
  await press(page, 'Delete my account')
  await onPage(page, 'Your account will be deleted')
  await enter(page)
  await signIn(page, stranger)
  await onPage(page, 'Your account will be deleted')
  await press(page, 'Keep my account')
  await onPage(page, 'Your account stays')
  await page.goto(`${base}/account`)
  await signIn(page, stranger)
  await onPage(page, 'Your account')
})
