import { codeIn } from '#tests/support/inbox.ts'
import { confirmCode, signIn } from '#tests/support/screens/account.ts'
import { follow, onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { timeTravel } from '#tests/support/time-travel.ts'
import { expect, newCredentials, test } from '../journey.ts'

const NEW_PASSWORD = 'a different long phrase'

test('a forgotten password: a code by mail, a new password, and only the new one signs in', async ({
  page,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await enter(page)
  await page.getByLabel('Email address').fill(stranger.email)
  await follow(page, 'Forgot password?')
  await onPage(page, 'Reset your password')
  await page.getByLabel('Email address').fill(stranger.email)
  await press(page, 'Send code')

  await onPage(page, 'Check your email')
  await expect(page.getByText('If there is an account for that address, we sent a code.')).toBeVisible()
  const code = codeIn(await inbox.latest(stranger.email))
  await confirmCode(page, code === '000000' ? '000001' : '000000')
  await refusedWith(page, 'That code is not right.')
  await confirmCode(page, code)

  await onPage(page, 'Choose a new password')
  await expect(page.getByLabel('Sign out everywhere else')).toBeChecked()
  const password = page.getByLabel('New password')
  for (const [typed, message] of [
    ['', 'Enter a new password.'],
    ['short', 'Use at least 15 characters.'],
    [stranger.email, 'easy to guess'],
    ['passwordpassword', 'easy to guess'],
  ] as const) {
    await password.fill(typed)
    await press(page, 'Save password')
    await refusedWith(page, message)
  }
  await password.fill(NEW_PASSWORD)
  await press(page, 'Save password')

  await onPage(page, /^Sign in to/)
  await expect(page.getByText('Your password was changed. Sign in with the new one.')).toBeVisible()
  expect((await inbox.latest(stranger.email, 2)).purpose).toBe('password-changed')
  await expect(page.getByLabel('Email address')).toHaveValue(stranger.email)
  await signIn(page, stranger)
  await refusedWith(page, 'The email address or password is not right.')
  await signIn(page, { ...stranger, password: NEW_PASSWORD })
  await arrive(page, attempt)
})

for (const { everywhere, after } of [
  { everywhere: true, after: 'the other browser has to sign in again and its tokens are dead' },
  { everywhere: false, after: 'the other browser stays signed in' },
]) {
  test(`after a reset ${everywhere ? 'with' : 'without'} "sign out everywhere else", ${after}`, async ({
    page,
    anotherBrowser,
    front,
    estate,
    inbox,
    stranger,
  }) => {
    const { pool, party, enter, arrive } = await front()
    await estate.person(pool, { email: stranger.email })
    const other = await anotherBrowser()
    const attempt = await enter(other)
    await signIn(other, stranger)
    const tokens = await arrive(other, attempt)

    await enter(page, { screen_hint: 'forgot-password' })
    if ((await page.getByRole('link', { name: 'Forgot password?' }).count()) > 0) await follow(page, 'Forgot password?')
    await page.getByLabel('Email address').fill(stranger.email)
    await press(page, 'Send code')
    await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
    await page.getByLabel('Sign out everywhere else').setChecked(everywhere)
    await page.getByLabel('New password').fill(NEW_PASSWORD)
    await press(page, 'Save password')
    await onPage(page, /^Sign in to/)

    await enter(other)
    await onPage(other, everywhere ? /^Sign in to/ : 'Back at the app')
    const refreshed = party.refresh(tokens.refresh_token ?? '')
    if (everywhere) await expect(refreshed).rejects.toMatchObject({ error: 'invalid_grant' })
    else expect((await refreshed).access_token).toBeTruthy()
  })
}

test('a name nobody has goes the same way and leads nowhere', async ({ page, front, inbox }) => {
  const { enter } = await front()
  await enter(page)
  const nobody = newCredentials('nobody').email
  await follow(page, 'Forgot password?')
  await page.getByLabel('Email address').fill(nobody)
  await press(page, 'Send code')
  await onPage(page, 'Check your email')
  await confirmCode(page, '123456')
  await refusedWith(page, 'That code is not right.')
  expect(await inbox.all(nobody)).toEqual([])
})

test('a recovery code works once, in the newest of three, and not after its fifteen minutes', async ({
  page,
  anotherBrowser,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, enter } = await front()
  const later = timeTravel(estate, pool.id)
  await estate.person(pool, { email: stranger.email })
  const ask = async (at: typeof page) => {
    await enter(at)
    await follow(at, 'Forgot password?')
    await at.getByLabel('Email address').fill(stranger.email)
    await press(at, 'Send code')
    await onPage(at, 'Check your email')
  }
  await ask(page)
  const code = codeIn(await inbox.latest(stranger.email))
  await later.ageCodes(16)
  await confirmCode(page, code)
  await refusedWith(page, 'That code has expired.')
  await later.ageCodes(-16)
  await confirmCode(page, code)
  await onPage(page, 'Choose a new password')

  const other = await anotherBrowser()
  await ask(other)
  await confirmCode(other, code)
  await refusedWith(other, 'That code was already used.')
})

test('who has to replace a password by order of the operator is led through a reset', async ({
  page,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  const { sub } = await estate.person(pool, { email: stranger.email })
  await estate.writer.update(pool.id, sub, { status: 'RESET_REQUIRED', at: new Date() }, { events: [] })
  const attempt = await enter(page)
  await signIn(page, { ...stranger, password: 'not the one' })
  await refusedWith(page, 'The email address or password is not right.')
  await signIn(page, stranger)
  await onPage(page, 'Check your email')
  await expect(page.getByText('Your password has to be replaced before you can sign in.')).toBeVisible()
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await press(page, 'Save password')
  await signIn(page, { ...stranger, password: NEW_PASSWORD })
  await arrive(page, attempt)
})
