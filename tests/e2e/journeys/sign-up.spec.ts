import { codeIn } from '#tests/support/inbox.ts'
import { confirmCode, signIn, signUp } from '#tests/support/screens/account.ts'
import { follow, onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { timeTravel } from '#tests/support/time-travel.ts'
import { expect, newCredentials, test } from '../journey.ts'

const TO_SIGN_UP = { prompt: 'create' }

test('another code may be sent after the wait; the earlier one stays good; wrong, incomplete and expired codes say so', async ({
  page,
  front,
  estate,
  inbox,
  stranger,
  hasScript,
}) => {
  if (hasScript) await page.clock.install()
  const { pool, enter, arrive } = await front()
  const later = timeTravel(estate, pool.id)
  const attempt = await enter(page, TO_SIGN_UP)
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  const first = await inbox.latest(stranger.email)

  const resend = page.getByRole('button', { name: 'Send a new code' })
  await expect(page.getByText(/You can ask for a new code in 0:(30|2\d)\./)).toBeVisible()
  if (hasScript) {
    await expect(resend).toBeHidden()
    await page.clock.runFor(31_000)
    await expect(page.getByText('You can ask for a new code now.')).toBeVisible()
  }
  await resend.click()
  await refusedWith(page, /You can get another code in \d+ seconds\./)
  await later.endWaits()
  await page.reload()
  await resend.click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  const second = await inbox.latest(stranger.email, 2)
  expect(codeIn(second)).not.toBe(codeIn(first))

  for (const [typed, message] of [
    ['', 'Enter the 6-digit code.'],
    ['123', 'You have entered 3 numbers. The code has 6.'],
    ['lemon', 'The code is numbers only.'],
    [codeIn(first) === '000000' ? '000001' : '000000', 'That code is not right.'],
  ] as const) {
    await confirmCode(page, typed)
    await refusedWith(page, message)
    await expect(page.getByLabel('6-digit code')).toHaveValue('')
    await expect(page.getByLabel('6-digit code')).toHaveAttribute('aria-invalid', 'true')
  }
  await later.ageCodes(16)
  await confirmCode(page, codeIn(first))
  await refusedWith(page, 'That code has expired.')
  await later.ageCodes(-16)
  // As it stands in the mail, in three and three, and in the digits of another script.
  const arabic = [...codeIn(first)].map((digit) => String.fromCodePoint(0x0660 + Number(digit)))
  await confirmCode(page, `${arabic.slice(0, 3).join('')} ${arabic.slice(3).join('')}`)
  await arrive(page, attempt)
})

test('after fifteen wrong codes even the right one has to wait', async ({ page, front, inbox, stranger }) => {
  const { enter } = await front()
  await enter(page, TO_SIGN_UP)
  await signUp(page, stranger)
  const right = codeIn(await inbox.latest(stranger.email))
  const code = right === '000000' ? '000001' : '000000'
  // By the browser's own cookies, without drawing each page.
  let html = await page.content()
  for (let tries = 1; tries <= 15; tries += 1) {
    const token = /name="_step" value="([^"]+)"/.exec(html)?.[1] ?? ''
    html = await (await page.request.post(page.url(), { form: { _step: token, code } })).text()
    expect(html).toContain('That code is not right.')
  }
  await page.reload()
  await confirmCode(page, right)
  await refusedWith(page, /Too many tries\. Wait \d+ minutes?, then get a new code\./)
})

test('a mistyped address is changed before it is confirmed, and only the new one gets an account', async ({
  page,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  const attempt = await enter(page, TO_SIGN_UP)
  const typo = newCredentials('inse')
  await signUp(page, typo)
  await onPage(page, 'Check your email')
  const old = codeIn(await inbox.latest(typo.email))
  await press(page, 'Change email')

  await onPage(page, 'Create an account')
  await expect(page.getByLabel('Email address')).toHaveValue(typo.email)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await signUp(page, stranger)
  await onPage(page, 'Check your email')
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  const tokens = await arrive(page, attempt)
  expect(tokens.claims()).toMatchObject({ email: stranger.email, email_verified: true })
  expect(await estate.users.findByName(pool.id, typo.email)).toBeNull()
  expect(old).toMatch(/^\d{6}$/)
})

test('an address that has an account sees the same next page, and its owner gets another mail', async ({
  page,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, base, enter } = await front()
  await estate.person(pool, { email: stranger.email })
  await enter(page, TO_SIGN_UP)
  await signUp(page, { ...stranger, password: 'another long enough phrase' })
  await onPage(page, 'Check your email')
  await expect(page.getByText(stranger.email)).toBeVisible()

  const mail = await inbox.latest(stranger.email)
  expect(mail.purpose).toBe('account-exists')
  expect(mail.code).toBeNull()
  expect(mail.text).not.toMatch(/\b\d{3} ?\d{3}\b/)
  expect(mail.links.some((link) => link.startsWith(`${base}/`))).toBe(true)
  await confirmCode(page, '123456')
  await refusedWith(page, 'That code is not right.')
})

test('what the pool asks of newcomers is checked by field, kept when refused, and never the password', async ({
  page,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front({
    pool: { allowedEmailDomains: ['example.com'], attributes: { name: { required: true } } },
  })
  const attempt = await enter(page, TO_SIGN_UP)
  const email = page.getByLabel('Email address')
  const password = page.getByLabel('Password', { exact: true })
  const submit = async (address: string, secret: string, name: string) => {
    await email.fill(address)
    await password.fill(secret)
    await page.getByLabel('Full name').fill(name)
    await press(page, 'Create account')
  }
  for (const [address, secret, name, message, wrong] of [
    ['', stranger.password, 'Ines', 'Enter your email address.', email],
    ['ines', stranger.password, 'Ines', 'Enter an email address in the format name@example.com.', email],
    ['ines@example.org', stranger.password, 'Ines', 'New accounts here need an email address of another kind.', email],
    [stranger.email, '', 'Ines', 'Enter a new password.', password],
    [stranger.email, 'short', 'Ines', 'Use at least 15 characters.', password],
    [stranger.email, stranger.password, '', 'Fill in “Full name”.', page.getByLabel('Full name')],
  ] as const) {
    await submit(address, secret, name)
    await refusedWith(page, message)
    await expect(wrong).toHaveAttribute('aria-invalid', 'true')
    await expect(page.locator('[aria-invalid]')).toHaveCount(1)
    await expect(email).toHaveValue(address)
    await expect(password).toHaveValue('')
    await page.getByRole('alert').getByRole('link').click()
    await expect(wrong).toBeFocused()
  }
  await submit(stranger.email, stranger.password, 'Inês Ø. مرحبا')
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  expect((await arrive(page, attempt)).claims()).toMatchObject({ name: 'Inês Ø. مرحبا' })
})

test('where sign-up is closed nobody is offered it, and its address says whom to ask', async ({ page, front }) => {
  const { base, enter, party } = await front({ pool: { selfSignUp: false, owner: 'the Meridian help desk' } })
  await enter(page)
  await onPage(page, /^Sign in to/)
  await expect(page.getByRole('link', { name: 'Create an account' })).toHaveCount(0)
  const { url } = await party.begin()
  await page.goto(`${base}/signup${url.search}`)
  await onPage(page, 'New accounts are not open here')
  await expect(page.getByText('Ask the Meridian help desk.')).toBeVisible()
  await follow(page, 'Sign in')
  await onPage(page, /^Sign in to/)
})

test('where people choose a name, it and their address both sign in, and a taken name is said', async ({
  page,
  anotherBrowser,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front({ pool: { signInNames: ['username', 'email'] } })
  const attempt = await enter(page, TO_SIGN_UP)
  const fill = async (at: typeof page, username: string, email: string) => {
    await at.getByLabel('User name').fill(username)
    await at.getByLabel('Email address').fill(email)
    await at.getByLabel('Password', { exact: true }).fill(stranger.password)
    await press(at, 'Create account')
  }
  await fill(page, 'Ines.O', stranger.email)
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  expect((await arrive(page, attempt)).claims()).toMatchObject({ 'cognito:username': 'Ines.O' })

  const other = await anotherBrowser()
  await enter(other, TO_SIGN_UP)
  await fill(other, 'ines.o', newCredentials().email)
  await refusedWith(other, 'That name is taken. Choose another.')

  for (const name of ['INES.O', stranger.email.toUpperCase()]) {
    const browser = await anotherBrowser()
    const again = await enter(browser)
    await browser.getByLabel('User name or email').fill(name)
    await browser.getByLabel('Password', { exact: true }).fill(stranger.password)
    await press(browser, 'Sign in')
    expect((await arrive(browser, again)).claims()).toMatchObject({ 'cognito:username': 'Ines.O' })
  }
})

test('a pool that does not sign in by confirming asks for the new password once', async ({
  page,
  front,
  inbox,
  stranger,
}) => {
  const { enter, arrive } = await front({ pool: { signInAfterConfirm: false } })
  const attempt = await enter(page, TO_SIGN_UP)
  await signUp(page, stranger)
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  await expect(page.getByText('Your email is confirmed. Sign in.')).toBeVisible()
  await signIn(page, stranger)
  await arrive(page, attempt)
})

test('where phone numbers are names, the code comes by text message and the number is shown as it is kept', async ({
  page,
  front,
  inbox,
}) => {
  const { enter, arrive } = await front({
    pool: { signInNames: ['phone_number'], autoVerify: ['phone_number'] },
    client: { firstParty: false, scopes: ['openid', 'phone'] },
    scope: 'openid phone',
  })
  const attempt = await enter(page, TO_SIGN_UP)
  const local = `1512${String(Date.now()).slice(-7)}`
  await page.getByLabel('Phone number').fill(`+49 (${local.slice(0, 4)}) ${local.slice(4)}`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await press(page, 'Create account')
  await onPage(page, 'Check your phone')
  const message = await inbox.latest(`+49${local}`)
  expect(message.channel).toBe('sms')
  await confirmCode(page, codeIn(message))
  await expect(page.getByText(`Signed in as +49${local}.`)).toBeVisible()
  await page.getByLabel('See your phone number').check()
  await press(page, 'Allow')
  const tokens = await arrive(page, attempt)
  expect(tokens.claims()).toMatchObject({ phone_number: `+49${local}`, phone_number_verified: true })
})
