import { signIn } from '#tests/support/screens/account.ts'
import { onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from '../journey.ts'

test('signing out on all devices ends the session of another browser too, and says so', async ({
  page,
  front,
  estate,
  stranger,
  anotherBrowser,
}) => {
  const { pool, base, party, enter, arrive } = await front()
  const { sub } = await estate.person(pool, { email: stranger.email })
  const elsewhere = await anotherBrowser()
  const attempts = { here: await enter(page), there: await enter(elsewhere) }
  await signIn(page, stranger)
  await arrive(page, attempts.here)
  await signIn(elsewhere, stranger)
  const tokens = await arrive(elsewhere, attempts.there)
  await party.userInfo(tokens.access_token, sub)

  await page.goto(`${base}/logout`)
  await onPage(page, 'Sign out of Meridian?')
  const box = page.getByLabel('Also sign out on all my devices')
  await expect(box).not.toBeChecked()
  await box.check()
  await press(page, 'Sign out')
  await onPage(page, 'You are signed out')
  await expect(page.getByText('You have left Meridian on all your devices.')).toBeVisible()

  await enter(elsewhere)
  await onPage(elsewhere, /^Sign in to/)
  await expect(party.userInfo(tokens.access_token, sub)).rejects.toThrow()
  await enter(page)
  await onPage(page, /^Sign in to/)
})
