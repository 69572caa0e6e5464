import type { Page } from '@playwright/test'
import type { Front, FrontSettings } from '#tests/support/front.ts'
import { codeIn } from '#tests/support/inbox.ts'
import type { Tokens } from '#tests/support/relying-party.ts'
import { accessible } from '#tests/support/screens/accessible.ts'
import { type Credentials, confirmCode, signUp } from '#tests/support/screens/account.ts'
import { follow, onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import {
  type AuthenticatorApp,
  enterAppCode,
  enterRecoveryCode,
  keepRecoveryCodes,
  setUpApp,
} from '#tests/support/screens/second-factor.ts'
import { expect, newCredentials, test } from '../journey.ts'

const REQUIRED: FrontSettings = { pool: { mfa: 'required', factors: { allowed: ['totp'] } } }

const claimsOf = (tokens: Tokens): readonly unknown[] => [tokens.claims()?.amr, tokens.claims()?.acr]

/** Somebody with a password who is made to set an app up at the first sign-in. */
const firstSignIn = async (
  page: Page,
  house: Front,
  person: Credentials,
): Promise<{ app: AuthenticatorApp; codes: readonly string[] }> => {
  const attempt = await house.signIn(page, person)
  await onPage(page, 'Set up a second step')
  await press(page, 'Authenticator app')
  const app = await setUpApp(page)
  const codes = await keepRecoveryCodes(page)
  await house.arrive(page, attempt)
  return { app, codes }
}

test('a newcomer to a pool that requires a second factor: sign-up, app, recovery codes, and in', async ({
  page,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const { enter, arrive } = await front(REQUIRED)
  const attempt = await enter(page)
  await follow(page, 'Create an account')
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  await onPage(page, 'Set up a second step')
  await accessible(page, hasScript)
  await press(page, 'Authenticator app')
  await onPage(page, 'Set up your authenticator app')
  await accessible(page, hasScript)
  await page.getByLabel('6-digit code').fill('000000')
  await press(page, 'Turn on')
  await refusedWith(page, 'That code is not right.')
  await setUpApp(page)
  await onPage(page, 'Save your recovery codes')
  await accessible(page, hasScript)
  await press(page, 'Continue')
  await refusedWith(page, 'saved')
  await keepRecoveryCodes(page)
  await arrive(page, attempt)
  expect((await inbox.latest(stranger.email, 2)).purpose).toBe('factor-added')
})

test('the recovery codes come as a text file to the browser they are shown to, and to no other', async ({
  page,
  anotherBrowser,
  front,
  stranger,
}) => {
  const house = await front({ ...REQUIRED, knows: stranger })
  await house.signIn(page, stranger)
  await press(page, 'Authenticator app')
  const early = new URL(page.url().replace(/[^/]+$/, 'recovery-codes.txt')).href
  expect((await page.request.get(early, { maxRedirects: 0 })).status()).toBe(303)
  await setUpApp(page)
  await onPage(page, 'Save your recovery codes')
  const shown = (await page.getByRole('listitem').locator('code').allTextContents()).map((code) => code.trim())
  const href = (await page.getByRole('link', { name: 'Download as text' }).getAttribute('href')) ?? ''
  const file = await page.request.get(new URL(href, page.url()).href)
  expect(file.headers()['content-disposition']).toBe('attachment; filename="recovery-codes.txt"')
  expect(file.headers()['cache-control']).toBe('no-store')
  expect((await file.text()).split('\r\n').filter((line) => shown.includes(line))).toEqual(shown)
  const elsewhere = await anotherBrowser()
  const stolen = await elsewhere.request.get(new URL(href, page.url()).href)
  expect(stolen.status()).toBe(400)
  const body = await stolen.text()
  expect(shown.filter((code) => body.includes(code))).toEqual([])
  await keepRecoveryCodes(page)
  await onPage(page, 'Back at the app')
  const late = await page.request.get(new URL(href, early).href, { maxRedirects: 0 })
  expect(late.headers()['content-disposition']).toBeUndefined()
})

test('someone with an app: a wrong code, one that was used, and the next one, which signs in with both factors', async ({
  page,
  anotherBrowser,
  front,
  stranger,
  hasScript,
}) => {
  const house = await front({ ...REQUIRED, knows: stranger })
  const { app } = await firstSignIn(page, house, stranger)
  const again = await anotherBrowser()
  const attempt = await house.signIn(again, stranger)
  await onPage(again, 'Enter the code from your app')
  await accessible(again, hasScript)
  await enterAppCode(again, '12')
  await refusedWith(again, 'You have entered 2 numbers.')
  await enterAppCode(again, app.last() === '000000' ? '000001' : '000000')
  await refusedWith(again, 'That code is not right.')
  await enterAppCode(again, app.last())
  await refusedWith(again, 'That code was already used.')
  await enterAppCode(again, app.next())
  expect(claimsOf(await house.arrive(again, attempt))).toEqual([['pwd', 'otp', 'mfa'], 'urn:portico:acr:multi-factor'])
})

test('someone who lost the phone: a recovery code, once; the mail says how many are left', async ({
  page,
  anotherBrowser,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const house = await front({ ...REQUIRED, knows: stranger })
  const { codes } = await firstSignIn(page, house, stranger)
  const [code = ''] = codes
  const again = await anotherBrowser()
  const attempt = await house.signIn(again, stranger)
  await press(again, "I can't use any of these")
  await onPage(again, 'Get back in without your second step')
  await accessible(again, hasScript)
  await press(again, 'Enter a recovery code')
  await onPage(again, 'Use a recovery code')
  await accessible(again, hasScript)
  await enterRecoveryCode(again, 'AAAAA-AAAAA')
  await refusedWith(again, /recovery code/i)
  await enterRecoveryCode(again, ` ${code.toLowerCase().replace('-', ' ')}`)
  await house.arrive(again, attempt)
  const mail = await inbox.latest(stranger.email, 2)
  expect(mail.purpose).toBe('recovery-code-used')
  expect(mail.text).toContain('9 of them are left')

  const third = await anotherBrowser()
  await house.signIn(third, stranger)
  await press(third, 'Use a recovery code')
  await enterRecoveryCode(third, code)
  await refusedWith(third, /recovery code/i)
})

test('someone who lost app and codes: every address is told, and the link of the message stops it', async ({
  page,
  anotherBrowser,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const house = await front({
    pool: { mfa: 'required', factors: { allowed: ['totp'], lost: { waitingDays: 3 } } },
    knows: stranger,
  })
  await firstSignIn(page, house, stranger)
  const again = await anotherBrowser()
  await house.signIn(again, stranger)
  await press(again, "I can't use any of these")
  await press(again, 'Start waiting')
  await expect(again.getByText('We told every address of your account.')).toBeVisible()
  await accessible(again, hasScript)
  const mail = await inbox.latest(stranger.email, 2)
  expect(mail.purpose).toBe('factor-recovery')
  const link = mail.links.find((each) => each.includes('/factorRecovery?')) ?? ''
  const phone = await anotherBrowser()
  await phone.goto(link)
  await onPage(phone, 'Stop replacing the second step?')
  await accessible(phone, hasScript)
  await press(phone, 'Stop it')
  await onPage(phone, 'It is stopped')
  await phone.goto(link)
  await onPage(phone, /link/i)
  await again.reload()
  await expect(again.getByRole('button', { name: 'Start waiting' })).toBeVisible()
})

test('one person in two pools: the app of the one opens nothing in the other', async ({
  page,
  anotherBrowser,
  front,
}) => {
  const person = newCredentials()
  const both = { ...REQUIRED, knows: person }
  const [one, two] = [await front(both), await front(both)]
  const first = await firstSignIn(page, one, person)
  const second = await firstSignIn(await anotherBrowser(), two, person)
  const again = await anotherBrowser()
  const attempt = await two.signIn(again, person)
  await enterAppCode(again, first.app.next())
  await refusedWith(again, 'That code is not right.')
  await press(again, 'Use a recovery code')
  await enterRecoveryCode(again, first.codes[0] ?? '')
  await refusedWith(again, /recovery code/i)
  await press(again, 'Try another way')
  await press(again, 'Authenticator app')
  await enterAppCode(again, second.app.next())
  await two.arrive(again, attempt)
})
