import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'
import type { FlowState } from './flow.ts'
import type { Form } from './step-handler.ts'

// Attacks 46 and 47: whether somebody has an account must not show in what is answered, nor in how much is done.

interface Observed {
  answers: unknown[]
  /** What the next page would show. */
  shown: unknown[]
  calls: Record<string, number>[]
}

const shownOf = ({ failure, notice, values, recovery, signUp, firstCode, sentAt }: FlowState) => ({
  failure,
  notice,
  fields: Object.keys(values),
  waits: sentAt.length,
  // The rest is what was typed.
  destination:
    (recovery?.destination.masked ?? firstCode?.destination.masked ?? signUp?.destination.address)?.split('@')[1] ??
    null,
})

const observe = async (options: JourneyOptions, posts: readonly Form[], waits = 0): Promise<Observed> => {
  const journey = await aJourney(options)
  journey.calls()
  const observed: Observed = { answers: [], shown: [], calls: [] }
  for (const form of posts) {
    observed.answers.push(await journey.post(form))
    observed.calls.push(counted(journey))
    observed.shown.push(shownOf((await journey.flow()).state))
    journey.wait(waits)
    journey.calls()
  }
  return observed
}

/**
 * Calls that cost something: stores, hasher, triggers, messages. Microseconds of a keyed hash tell nothing. The migrate-user
 * trigger can be asked about names nobody has alone; where its owner set none it answers at once.
 */
const counted = (journey: Journey): Record<string, number> =>
  Object.fromEntries(
    Object.entries(journey.calls())
      .filter(([name]) => !/^(?:(?:hashes|links|random|clock)\.|triggers\.migrateUser$)/.test(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

const people = [
  ann(),
  { attributes: { email: 'dee@example.com', email_verified: true }, enabled: false },
  { attributes: { email: 'una@example.com' }, status: 'UNCONFIRMED' as const },
  { attributes: { email: 'fay@example.com', email_verified: true }, status: 'FORCE_CHANGE_PASSWORD' as const },
  { attributes: { email: 'rae@example.com', email_verified: true }, status: 'RESET_REQUIRED' as const },
  {
    attributes: {
      email: 'pam@example.com',
      email_verified: true,
      phone_number: '+4930123456',
      phone_number_verified: true,
    },
  },
  {
    attributes: { email: 'fed@example.com', email_verified: true },
    status: 'EXTERNAL_PROVIDER' as const,
    passwordPlain: null,
  },
]
const everybody = ['ann', 'dee', 'una', 'fay', 'rae', 'pam', 'fed', 'nil'].map((name) => `${name}@example.com`)

/** The same for everybody as for nobody. */
const expectSame = async (each: (username: string) => Promise<Observed>): Promise<void> => {
  const nobody = await each('nobody@example.com')
  for (const username of everybody) assert.deepEqual(await each(username), nobody, username)
}

describe('whether somebody has an account', () => {
  it('does not show in wrong passwords, nor in the lock that follows', async () => {
    const wrong = (username: string): Form => ({ username, password: 'not-the-password' })
    await expectSame((username) =>
      observe(
        { people },
        Array.from({ length: 7 }, () => wrong(username)),
      ),
    )
  })

  it('does not show when the name is asked first', async () => {
    await expectSame((username) =>
      observe({ people, pool: { signInLayout: 'identifier-first' } }, [
        { username },
        { password: 'not-the-password' },
        { password: 'not-the-password' },
      ]),
    )
  })

  it('does not show in a forgotten password: asking, waiting for another code, guessing', async () => {
    const guess = { code: '999999' }
    const posts = (username: string): Form[] => [
      { username },
      { _intent: 'resend' },
      ...Array.from({ length: 12 }, () => guess),
    ]
    await expectSame((username) => observe({ people, step: 'forgot-password' }, posts(username), 31))
  })

  it('does not show in a forgotten password of somebody whose every address is a second factor (attack 52)', async () => {
    const pool = { mfa: 'required' as const, factors: { allowed: ['email' as const] } }
    const posts = (username: string): Form[] => [{ username }, { _intent: 'resend' }, { code: '999999' }]
    await expectSame((username) => observe({ people, pool, step: 'forgot-password' }, posts(username), 31))
  })

  it('does not show in a code instead of a password: asking, waiting for another, guessing', async () => {
    const posts = (username: string): Form[] => [
      { username },
      { _intent: 'resend' },
      ...Array.from({ length: 17 }, () => ({ code: '999999' })),
    ]
    for (const method of ['email-code', 'sms-code', 'magic-link'] as const)
      await expectSame((username) => observe({ people, pool: { firstFactors: [method] } }, posts(username), 31))
  })

  it('does not show in the choice of a way to sign in, nor in a link that is tried', async () => {
    const pool = { firstFactors: ['password' as const, 'magic-link' as const, 'sms-code' as const] }
    const posts = (username: string): Form[] => [
      { username },
      { way: 'magic-link' },
      { _intent: 'another' },
      { way: 'sms-code' },
      { code: '999999' },
      { _intent: 'another' },
      { way: 'password' },
      { password: 'not-the-password' },
    ]
    await expectSame((username) => observe({ people, pool }, posts(username)))
  })

  it('does not show in a sign-up: asking, waiting for another code, guessing', async () => {
    const posts = (username: string): Form[] => [
      { username, password: GOOD_PASSWORD },
      { _intent: 'resend' },
      { code: '999999' },
      { code: '999999' },
    ]
    await expectSame((username) => observe({ people, step: 'sign-up' }, posts(username), 31))
  })

  it('shows in a pool that does not hide it, and there alone', async () => {
    const unknown = { username: 'nobody@example.com', password: GOOD_PASSWORD }
    const open = await observe({ people, pool: { hideAccounts: false } }, [unknown])
    assert.deepEqual(open.shown[0], {
      ...((await observe({ people }, [unknown])).shown[0] as object),
      failure: { message: 'signin.failed', params: {}, field: null },
    })
  })
})

describe('an address at which a sign-up was tried that has an account', () => {
  it('gets a mail that says so and holds nothing to confirm with', async () => {
    const journey = await aJourney({ people, step: 'sign-up' })
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    assert.deepEqual(
      journey.sent().map(({ purpose, to, link }) => [purpose, to, link]),
      [['account-exists', 'ann@example.com', null]],
    )
  })
})
