import type { Page } from '@playwright/test'
import { signIn } from '#tests/support/screens/account.ts'
import { follow, onPage, press } from '#tests/support/screens/hosted-page.ts'
import { expect, newCredentials, test } from '../journey.ts'

const THIRD_PARTY = {
  client: {
    firstParty: false,
    scopes: ['openid', 'email', 'profile', 'phone'],
    privacyUrl: 'https://shop.example/privacy',
  },
  scope: 'openid email profile phone',
}

const isBack = async (page: Page): Promise<URLSearchParams> => {
  await onPage(page, 'Back at the app')
  return new URL(page.url()).searchParams
}

test('an app of somebody else asks once: what it needs, what it may also have, and gets no more than was allowed', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front(THIRD_PARTY)
  await estate.person(pool, { email: stranger.email, phone_number: '+4915112345678' })
  const attempt = await enter(page)
  await signIn(page, stranger)
  await onPage(page, 'Meridian Shop asks for access')
  await expect(page.getByText('See your email address')).toBeVisible()
  await expect(page.getByText(`Signed in as ${stranger.email}.`)).toBeVisible()
  await expect(page.getByText('Your password is not shared with Meridian Shop.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Privacy of Meridian Shop' })).toHaveAttribute(
    'href',
    'https://shop.example/privacy',
  )
  await expect(page.getByLabel('See your phone number')).not.toBeChecked()
  const size = (name: string) => page.getByRole('button', { name }).boundingBox()
  const [allow, cancel] = [await size('Allow'), await size('Cancel')]
  // To the pixel: columns that share a width are rounded each for itself.
  expect(Math.round(allow?.height ?? 0)).toBe(Math.round(cancel?.height ?? 1))
  expect(Math.round(allow?.width ?? 0)).toBe(Math.round(cancel?.width ?? 1))
  await press(page, 'Allow')
  const tokens = await arrive(page, attempt)
  expect(tokens.scope?.split(' ').sort()).toEqual(['email', 'openid', 'profile'])
  expect(tokens.claims()).not.toHaveProperty('phone_number')

  // Not asked again while the session lasts, unless the app insists; then the answer may be another.
  expect((await arrive(page, await enter(page))).scope).not.toContain('phone')
  await enter(page, { prompt: 'consent' })
  await onPage(page, 'Meridian Shop asks for access')
  await page.getByLabel('See your phone number').check()
  await press(page, 'Allow')
  await isBack(page)
  const third = await enter(page)
  const all = await arrive(page, third)
  expect(all.scope?.split(' ').sort()).toEqual(['email', 'openid', 'phone', 'profile'])
})

test('who cancels is taken back to the app with a refusal and has given nothing', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter } = await front(THIRD_PARTY)
  await estate.person(pool, { email: stranger.email })
  await enter(page)
  await signIn(page, stranger)
  await onPage(page, 'Meridian Shop asks for access')
  await press(page, 'Cancel')
  const answer = await isBack(page)
  expect(answer.get('error')).toBe('access_denied')
  expect(answer.get('code')).toBeNull()
})

test('"Not you?" leads to another sign-in, and the permission is then theirs', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front(THIRD_PARTY)
  const other = newCredentials('otto')
  await estate.person(pool, { email: stranger.email })
  await estate.person(pool, { email: other.email })
  const attempt = await enter(page)
  await signIn(page, stranger)
  await onPage(page, 'Meridian Shop asks for access')
  await follow(page, 'Not you?')
  await signIn(page, other)
  await expect(page.getByText(`Signed in as ${other.email}.`)).toBeVisible()
  await press(page, 'Allow')
  expect((await arrive(page, attempt)).claims()).toMatchObject({ email: other.email })
})
