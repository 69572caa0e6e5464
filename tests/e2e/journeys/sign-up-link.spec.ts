import { codeIn, linkIn } from '#tests/support/inbox.ts'
import { confirmCode, signUp } from '#tests/support/screens/account.ts'
import { onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from '../journey.ts'

const TO_SIGN_UP = { prompt: 'create' }

test('the link in the mail confirms in the same browser: opening it changes nothing, pressing once does, the first tab goes on', async ({
  page,
  context,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front()
  const attempt = await enter(page, TO_SIGN_UP)
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  const link = linkIn(await inbox.latest(stranger.email), '/confirmUser?token=')

  const tab = await context.newPage()
  for (const _ of ['a mail scanner', 'the person']) {
    await tab.goto(link)
    await onPage(tab, 'Confirm your email')
  }
  await expect(tab.getByText(stranger.email)).toHaveCount(0)
  await press(tab, 'Confirm')
  await onPage(tab, 'Your email is confirmed')

  await page.reload()
  const tokens = await arrive(page, attempt)
  expect(tokens.claims()).toMatchObject({ email: stranger.email, email_verified: true })

  expect((await tab.goto(link))?.status()).toBe(400)
  await onPage(tab, /already used/)
})

test('the link confirms in another browser, which says where to sign in, and the first browser goes on', async ({
  page,
  anotherBrowser,
  front,
  app,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front()
  const attempt = await enter(page, TO_SIGN_UP)
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  const mail = await inbox.latest(stranger.email)

  const phone = await anotherBrowser()
  await phone.goto(linkIn(mail, '/confirmUser?token='))
  await press(phone, 'Confirm')
  await onPage(phone, 'Your email is confirmed')
  await expect(phone.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', `${app.origin}/start`)

  // Typing the code of a confirmed account is not a mistake: the first browser is let on.
  await confirmCode(page, codeIn(mail))
  await arrive(page, attempt)
})
