import { codeIn } from '#tests/support/inbox.ts'
import { commandLine } from '#tests/support/portico-command.ts'
import { confirmCode, signIn } from '#tests/support/screens/account.ts'
import { onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { timeTravel } from '#tests/support/time-travel.ts'
import { expect, test } from '../journey.ts'

const TEMPORARY = 'brave otter fifty two'
const NEW_PASSWORD = 'a different long phrase'

test('an invited person chooses a password of their own, adds what is missing, and is in', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front({
    pool: {
      attributes: {
        name: { required: true },
        birthdate: { required: true },
        'custom:team': { required: true, label: { en: 'Team' }, maxLength: 10 },
      },
    },
  })
  await estate.person(pool, { email: stranger.email, password: TEMPORARY, isTemporary: true })
  const attempt = await enter(page)
  await signIn(page, { ...stranger, password: TEMPORARY })

  await onPage(page, 'Choose your own password')
  await expect(page.getByText('An administrator created this account for you.')).toBeVisible()
  await page.getByLabel('New password').fill('short')
  await press(page, 'Save password')
  await refusedWith(page, 'Use at least 15 characters.')
  await page.getByLabel('New password').fill(TEMPORARY)
  await press(page, 'Save password')
  await refusedWith(page, 'Choose a password you have not used here before.')
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await press(page, 'Save password')

  await onPage(page, 'A few more details')
  await page.getByLabel('Full name').fill('Ines Ødegård')
  await page.getByLabel('Day').fill('7')
  await page.getByLabel('Month').fill('2')
  await page.getByLabel('Year').fill('1988')
  await page.getByLabel('Team').fill('a name far too long')
  await press(page, 'Continue')
  await refusedWith(page, 'Check “')
  await expect(page.getByLabel('Full name')).toHaveValue('Ines Ødegård')
  await expect(page.getByLabel('Year')).toHaveValue('1988')
  await page.getByLabel('Team').fill('Maps')
  await press(page, 'Continue')
  const tokens = await arrive(page, attempt)
  expect(tokens.claims()).toMatchObject({ name: 'Ines Ødegård', birthdate: '1988-02-07' })

  await enter(page, { prompt: 'login' })
  await signIn(page, { ...stranger, password: TEMPORARY })
  await refusedWith(page, 'The email address or password is not right.')
  await signIn(page, { ...stranger, password: NEW_PASSWORD })
  await onPage(page, 'Back at the app')
})

test('a temporary password that has run out says whom to ask', async ({ page, front, estate, stranger }) => {
  const { pool, enter } = await front({ pool: { owner: 'the Meridian help desk' } })
  await estate.person(pool, { email: stranger.email, password: TEMPORARY, isTemporary: true })
  await timeTravel(estate, pool.id).expireTemporaryPasswords()
  await enter(page)
  await signIn(page, { ...stranger, password: 'not the one' })
  await refusedWith(page, 'The email address or password is not right.')
  await signIn(page, { ...stranger, password: TEMPORARY })
  await refusedWith(page, 'That temporary password has expired. Ask the Meridian help desk for a new one.')
})

test('an account that was never confirmed asks for a code after the right password, and is confirmed by it', async ({
  page,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, enter, arrive } = await front()
  const { sub } = await estate.person(pool, { email: stranger.email })
  const unproven = { status: 'UNCONFIRMED', attributes: { email_verified: null }, at: new Date() } as const
  await estate.writer.update(pool.id, sub, unproven, { events: [] })
  const attempt = await enter(page)
  await signIn(page, { ...stranger, password: 'not the one' })
  await refusedWith(page, 'The email address or password is not right.')
  await signIn(page, stranger)
  await onPage(page, 'Confirm your email')
  await expect(page.getByText('One more step before you can sign in.')).toBeVisible()
  await expect(page.getByText(stranger.email)).toHaveCount(0)
  await confirmCode(page, codeIn(await inbox.latest(stranger.email)))
  expect((await arrive(page, attempt)).claims()).toMatchObject({ email_verified: true })
  expect((await estate.users.findBySub(pool.id, sub))?.user.status).toBe('CONFIRMED')
})

test('a disabled person sees what a wrong password shows', async ({ page, front, estate, stranger }) => {
  const { pool, enter } = await front()
  const { sub } = await estate.person(pool, { email: stranger.email })
  await estate.writer.update(pool.id, sub, { enabled: false, at: new Date() }, { events: [] })
  await enter(page)
  await signIn(page, stranger)
  await refusedWith(page, 'The email address or password is not right.')
})

test('a signed-in person changes the password: the current one first, the other browser signs in again', async ({
  page,
  anotherBrowser,
  front,
  estate,
  inbox,
  stranger,
}) => {
  const { pool, base, party, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const other = await anotherBrowser()
  for (const browser of [other, page]) {
    const attempt = await enter(browser)
    await signIn(browser, stranger)
    await arrive(browser, attempt)
  }
  const attempt = await party.begin()
  await page.goto(`${base}/changePassword${attempt.url.search}`)
  await onPage(page, 'Change your password')
  // Out of sight, for password managers: whose password this is.
  await expect(page.locator('input[autocomplete=username]')).toHaveValue(stranger.email)
  const change = async (current: string, next: string) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password').fill(next)
    await press(page, 'Change password')
  }
  await change('not the one', NEW_PASSWORD)
  await refusedWith(page, 'The current password is not right.')
  await change(stranger.password, stranger.password)
  await refusedWith(page, 'Choose a password you have not used here before.')
  await change(stranger.password, NEW_PASSWORD)
  await arrive(page, attempt)
  expect((await inbox.latest(stranger.email)).purpose).toBe('password-changed')

  await enter(other)
  await signIn(other, { ...stranger, password: NEW_PASSWORD })
  await onPage(other, 'Back at the app')
})

test('who is not signed in signs in first, then changes the password; the well-known address leads there', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const { pool, base, party, enter, arrive } = await front()
  await estate.person(pool, { email: stranger.email })
  const attempt = await party.begin()
  await page.goto(`${base}/changePassword${attempt.url.search}`)
  await signIn(page, stranger)
  await onPage(page, 'Change your password')
  await page.getByLabel('Current password').fill(stranger.password)
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await press(page, 'Change password')
  await arrive(page, attempt)
  await enter(page, { prompt: 'login' })
  await signIn(page, { ...stranger, password: NEW_PASSWORD })
  await onPage(page, 'Back at the app')
})

test('an operator invites from the command line; the password in the mail signs in once and is replaced', async ({
  page,
  front,
  portico,
  app,
  inbox,
  stranger,
}) => {
  const { pool, client, enter, arrive } = await front()
  const person = [`email=${stranger.email}`, 'email_verified=true']
  await commandLine(portico, 'users', 'create', ...person, '--pool', pool.id, '--invite', '--client', client.clientId)
  const mail = await inbox.latest(stranger.email)
  expect(mail.subject).toBe('Your invitation to Meridian Shop')
  expect(mail.links).toContain(`${app.origin}/start`)
  const temporary = /Temporary password:?\s+(\S+)/.exec(mail.text)?.[1] ?? ''
  expect(temporary.length).toBeGreaterThanOrEqual(15)

  const attempt = await enter(page)
  await signIn(page, { ...stranger, password: temporary })
  await onPage(page, 'Choose your own password')
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await press(page, 'Save password')
  expect((await arrive(page, attempt)).claims()).toMatchObject({ email: stranger.email })
})

test('"keep me signed in" is asked where the pool has it, and decides whether the session outlives the browser', async ({
  page,
  context,
  anotherBrowser,
  front,
  estate,
  stranger,
}) => {
  const { pool, enter, arrive } = await front({ pool: { session: { keepSignedIn: true, maxMinutes: 120 } } })
  await estate.person(pool, { email: stranger.email })
  const other = await anotherBrowser()
  const outlives: boolean[] = []
  for (const [at, keep] of [
    [page, true],
    [other, false],
  ] as const) {
    const attempt = await enter(at)
    await at.getByLabel('Keep me signed in').setChecked(keep)
    await signIn(at, stranger)
    await arrive(at, attempt)
    const cookies = await (at === page ? context : other.context()).cookies()
    const session = cookies.filter(({ name }) => /session/i.test(name) && !name.endsWith('.sig'))
    expect(session).toHaveLength(1)
    outlives.push(session.every(({ expires }) => expires > 0))
  }
  expect(outlives).toEqual([true, false])
})
