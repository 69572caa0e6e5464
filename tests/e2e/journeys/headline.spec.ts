import { codeIn } from '#tests/support/inbox.ts'
import { confirmCode, signIn, signUp } from '#tests/support/screens/account.ts'
import { follow, onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from '../journey.ts'

test('a newcomer signs up in the demo app, reads the code, is back signed in with both tokens verified, leaves and returns', async ({
  page,
  portico,
  inbox,
  stranger,
}) => {
  await page.goto(portico.demo)
  await onPage(page, 'You are signed out')
  await follow(page, 'Create an account')
  await signUp(page, stranger)

  await onPage(page, 'Check your email')
  await expect(page.getByText(stranger.email)).toBeVisible()
  const mail = await inbox.latest(stranger.email)
  expect(mail.subject).toMatch(/^\d{3} \d{3} /)
  await confirmCode(page, codeIn(mail))

  await onPage(page, `Signed in as ${stranger.email}`)
  const tokens = page.getByRole('region')
  await expect(tokens.filter({ hasText: 'Verified by openid-client' })).toContainText('email_verified')
  await expect(tokens.filter({ hasText: 'Verified by jose' })).toContainText('token_use')
  await expect(page.getByText('Refused')).toHaveCount(0)
  await press(page, 'Get fresh tokens')
  await expect(page.getByRole('status')).toHaveText('The pool has sent fresh tokens.')

  await press(page, 'Sign out')
  await onPage(page, 'You are signed out')
  await follow(page, 'Sign in')
  await signIn(page, stranger)
  await onPage(page, `Signed in as ${stranger.email}`)
})
