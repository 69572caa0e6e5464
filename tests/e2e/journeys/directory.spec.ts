/** Signing in with the password of a directory, OpenLDAP's own server, on the pool's ordinary form. */
import type { Page } from '@playwright/test'
import { PASSWORD } from '#tests/support/estate.ts'
import type { Front } from '#tests/support/front.ts'
import { findSlapd, HOW_TO_INSTALL_SLAPD, type Slapd, startSlapd } from '#tests/support/ldap/slapd.ts'
import { READER, STAFF, PASSWORD as THEIRS } from '#tests/support/ldap/staff.ts'
import type { Credentials } from '#tests/support/screens/account.ts'
import { onPage, press, refusedWith } from '#tests/support/screens/hosted-page.ts'
import { test as base, expect } from '../journey.ts'

const NAME = 'Corp Staff'
const LOGIN = 'ann@corp.example'
/** As the directory has it. */
const ADDRESS = 'ann@example.com'

const test = base.extend<{ staffed: () => Promise<Front> }, { slapd: Slapd }>({
  slapd: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const slapd = await startSlapd()
      await use(slapd)
      await slapd.stop()
    },
    { scope: 'worker' },
  ],
  /** A pool that asks the directory about names of one domain. */
  staffed: ({ front, estate, slapd }, use) =>
    use(async () => {
      const here = await front()
      await estate.provider(
        here.pool,
        {
          ...{ kind: 'ldap', name: 'Corp', displayName: NAME, schema: 'ad', identifiers: ['corp.example'] },
          ...{ servers: [slapd.tls], ca: slapd.authority, searchBase: STAFF },
          bind: { mode: 'searchThenBind', serviceName: READER.name },
          ...{ trustsEmail: 'always', emailDomains: ['example.com'], attributeMapping: { email: 'mail' } },
        },
        READER.password,
      )
      return here
    }),
})

const isExcused = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('slapd')
test.skip(findSlapd() === null && isExcused, HOW_TO_INSTALL_SLAPD)

/** Where a directory is asked, a name may be of any form. */
const signIn = async (page: Page, { email, password }: Credentials): Promise<void> => {
  await onPage(page, /^Sign in to /)
  await page.getByLabel('User name or email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Sign in')
}

/** The browser is a stranger here. */
const forgetUs = (page: Page): Promise<void> => page.context().clearCookies()

test('the first sign-in makes an account, the second is the same person, and signing out ends it', async ({
  page,
  staffed,
}) => {
  const { enter, arrive, base: address } = await staffed()
  let attempt = await enter(page)
  await signIn(page, { email: LOGIN, password: 'not the one' })
  await refusedWith(page, /is not right/)
  await signIn(page, { email: LOGIN, password: THEIRS })
  const claims = (await arrive(page, attempt)).claims()
  expect(claims).toMatchObject({ email: ADDRESS, amr: ['pwd'] })

  await page.goto(`${address}/logout`)
  await press(page, 'Sign out')
  await onPage(page, 'You are signed out')
  attempt = await enter(page)
  await signIn(page, { email: LOGIN, password: THEIRS })
  expect((await arrive(page, attempt)).claims()?.sub).toBe(claims?.sub)
})

test('an account with the same address is connected once its own password has proven it', async ({
  page,
  staffed,
  estate,
}) => {
  const { pool, enter, arrive } = await staffed()
  const { sub } = await estate.person(pool, { email: ADDRESS })
  let attempt = await enter(page)
  await signIn(page, { email: LOGIN, password: THEIRS })
  await onPage(page, 'You already have an account')
  await press(page, 'Confirm it’s you')
  await signIn(page, { email: ADDRESS, password: PASSWORD })
  await onPage(page, `Connect ${NAME}?`)
  await press(page, 'Connect')
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)

  await forgetUs(page)
  attempt = await enter(page)
  await signIn(page, { email: LOGIN, password: THEIRS })
  expect((await arrive(page, attempt)).claims()?.sub).toBe(sub)
})
