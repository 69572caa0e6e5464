import type { Page } from '@playwright/test'
import type { FrontSettings } from '#tests/support/front.ts'
import { codeIn, linkIn } from '#tests/support/inbox.ts'
import { accessible } from '#tests/support/screens/accessible.ts'
import { confirmCode } from '#tests/support/screens/account.ts'
import { onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { keepRecoveryCodes } from '#tests/support/screens/second-factor.ts'
import { expect, test } from '../journey.ts'

/** A phone of this test's own. */
const newNumber = (): string => `+4930${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`

const name = async (page: Page, email: string): Promise<void> => {
  await onPage(page, /^Sign in to /)
  await page.getByLabel('Email address').fill(email)
  await press(page, 'Continue')
}

test('a phone for codes is set up at the first sign-in and asked at the next', async ({
  page,
  anotherBrowser,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const number = newNumber()
  const pool: FrontSettings['pool'] = {
    mfa: 'required',
    factors: { allowed: ['totp', 'sms'] },
    sms: { blockedPrefixes: ['+882'] },
  }
  const house = await front({ pool, knows: stranger })
  const first = await house.signIn(page, stranger)
  await onPage(page, 'Set up a second step')
  await press(page, 'Text message')
  await onPage(page, 'Your phone number')
  await accessible(page, hasScript)
  await page.getByLabel('Phone number').fill('+882 16 1234 5678')
  await press(page, 'Send a code')
  await refusedWith(page, "We can't send codes to that number.")
  await page.getByLabel('Phone number').fill(number)
  await press(page, 'Send a code')
  await onPage(page, 'Check your phone')
  await expect(page.getByText(number)).toBeVisible()
  await page.getByLabel('6-digit code').fill(codeIn(await inbox.latest(number)))
  await press(page, 'Turn on')
  await keepRecoveryCodes(page)
  await house.arrive(page, first)

  const other = await anotherBrowser()
  const second = await house.signIn(other, stranger)
  await onPage(other, 'Check your phone')
  await accessible(other, hasScript)
  await expect(other.getByText(number)).toHaveCount(0)
  await confirmCode(other, '000000')
  await refusedWith(other, 'That code is not right.')
  const message = await inbox.latest(number, 2)
  expect(message.text).toMatch(/\n@\S+ #\d{6}$/)
  await confirmCode(other, codeIn(message))
  const tokens = await house.arrive(other, second)
  expect(tokens.claims()?.amr).toEqual(['pwd', 'sms', 'otp', 'mfa'])
})

test('a code by mail is one of the ways to sign in, and the page is the same for whoever has no account', async ({
  page,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const { enter, arrive } = await front({
    pool: { firstFactors: ['password', 'email-code'] },
    knows: stranger,
  })
  const attempt = await enter(page)
  await name(page, 'nobody@example.com')
  await onPage(page, 'How do you want to sign in?')
  await press(page, 'With a code by email')
  await onPage(page, 'Check your email')
  await expect(page.getByText('If there is an account for that address')).toBeVisible()
  await page.getByRole('link', { name: 'Change' }).click()
  await name(page, stranger.email)
  await onPage(page, 'How do you want to sign in?')
  await accessible(page, hasScript)
  await press(page, 'With a code by email')
  await onPage(page, 'Check your email')
  await expect(page.getByText('If there is an account for that address')).toBeVisible()
  await accessible(page, hasScript)
  const message = await inbox.latest(stranger.email)
  expect(message.subject).toMatch(/^\d{3}\s\d{3}/)
  await page.getByLabel('6-digit code').fill(codeIn(message))
  await press(page, 'Sign in')
  expect((await arrive(page, attempt)).claims()?.amr).toEqual(['otp'])
  expect(await inbox.all('nobody@example.com')).toEqual([])
})

test('a link from a mail signs in the browser that asked, and no other, which says where to go on', async ({
  page,
  context,
  anotherBrowser,
  front,
  inbox,
  stranger,
  hasScript,
}) => {
  const { enter, arrive } = await front({ pool: { firstFactors: ['magic-link'] }, knows: stranger })
  const attempt = await enter(page)
  await name(page, stranger.email)
  await onPage(page, 'Check your email')
  const link = linkIn(await inbox.latest(stranger.email), '/signInLink?token=')

  const phone = await anotherBrowser()
  await phone.goto(link)
  await onPage(phone, /^Sign in to /)
  await press(phone, /^Sign in as /)
  await onPage(phone, 'Go on where you started')

  const tab = await context.newPage()
  await tab.goto(link)
  await onPage(tab, /^Sign in to /)
  await expect(tab.getByText(stranger.email)).toHaveCount(0)
  await accessible(tab, hasScript)
  await press(tab, /^Sign in as /)
  expect((await arrive(tab, attempt)).claims()?.amr).toEqual(['otp'])

  expect((await phone.goto(link))?.status()).toBe(400)
  await onPage(phone, 'This link was already used')
})
