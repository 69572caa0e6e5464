import { codeIn } from '#tests/support/inbox.ts'
import { type Credentials, confirmCode, signIn } from '#tests/support/screens/account.ts'
import { onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from '../journey.ts'

/** On the list that guessers try first, and so is the other. */
const LISTED = '1qaz2wsx3edc4rfv'
const LISTED_TOO = 'qazwsxedcrfvtgb'
const NEW_PASSWORD = 'a different long phrase'

/** Somebody whose password is on the list, at a pool that does this about it when they sign in. */
const exposed = (who: Credentials, signIn: 'tell' | 'change' | 'block') => ({
  pool: { passwordPolicy: { blockCommon: false }, compromisedCredentials: { signIn } },
  knows: { ...who, password: LISTED },
})

test('a password that others know must be replaced before anybody is signed in', async ({
  page,
  front,
  inbox,
  stranger,
}) => {
  const settings = exposed(stranger, 'change')
  const shop = await front(settings)
  const attempt = await shop.signIn(page, settings.knows)
  await onPage(page, 'Choose a new password')
  await expect(page.getByText('This password has appeared in a data breach elsewhere.')).toBeVisible()
  for (const refused of [LISTED, LISTED_TOO]) {
    await page.getByLabel('New password').fill(refused)
    await press(page, 'Save password')
    await refusedWith(page, 'That password has appeared in a data breach.')
    await onPage(page, 'Choose a new password')
    await expect(page.getByText('This password has appeared in a data breach elsewhere.')).toBeVisible()
  }
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await press(page, 'Save password')
  await shop.arrive(page, attempt)
  expect((await inbox.latest(stranger.email)).purpose).toBe('password-changed')
})

test('a password that others know leads to a code by mail where the pool blocks it', async ({
  page,
  front,
  inbox,
  stranger,
}) => {
  const settings = exposed(stranger, 'block')
  const shop = await front(settings)
  const attempt = await shop.signIn(page, settings.knows)
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await press(page, 'Save password')
  await signIn(page, { ...stranger, password: NEW_PASSWORD })
  await shop.arrive(page, attempt)
})

test('a person is told of such a password where the pool only tells', async ({ page, front, inbox, stranger }) => {
  const settings = exposed(stranger, 'tell')
  const shop = await front(settings)
  const attempt = await shop.signIn(page, settings.knows)
  await shop.arrive(page, attempt)
  const mail = await inbox.latest(stranger.email)
  expect(mail.purpose).toBe('password-exposed')
  expect(mail.text).not.toContain(LISTED)
})
