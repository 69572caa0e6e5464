import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepAt } from '#core/factors/index.ts'
import { aPassword, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type JourneyOptions, OTHER_PASSWORD } from '#tests/support/journey.ts'
import { plainHasher } from '#tests/support/memory/hasher.ts'

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const nothing = { events: [] }
const typed = { username: 'ann@example.com', password: GOOD_PASSWORD }

type Demands = NonNullable<NonNullable<JourneyOptions['pool']>['compromisedCredentials']>

/** Ann's password has leaked since she chose it. */
const setUp = async (compromisedCredentials: Demands = {}, options: JourneyOptions = {}) => {
  const journey = await aJourney({
    people: [ann()],
    ...options,
    pool: { mfa: 'optional', compromisedCredentials, ...options.pool },
  })
  journey.breaches.leak(GOOD_PASSWORD)
  const { pool, users, written } = journey
  const sub = (await users.findByName(pool.id, 'ann@example.com'))?.user.sub ?? ''
  const reported = () =>
    written.events
      .filter(({ type }) => type === 'credentials.compromised')
      .map(({ outcome, reason, detail: { occasion, action } }) => [occasion, action, outcome, reason])
  const failure = async () => (await journey.flow()).state.failure
  return { journey, sub, reported, failure }
}

const step = (name: string) => ({ kind: 'step', step: name })

describe('somebody who signs in with a password that others know', () => {
  it('chooses another one before anything else, and is signed in with it', async () => {
    const { journey, reported, failure } = await setUp()
    assert.deepEqual(await journey.post(typed), step('new-password'))
    const { state } = await journey.flow()
    assert.deepEqual([state.proof, state.owedPassword], [null, 'exposed'])
    assert.deepEqual(await journey.post({ password: GOOD_PASSWORD }), step('new-password'))
    assert.equal((await failure())?.message, 'newpassword.breached')
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'done' })
    const done = (await journey.flow()).state
    assert.deepEqual([done.proof?.amr, done.owedPassword, done.account], [['pwd'], null, null])
    assert.deepEqual(reported(), [
      ['signIn', 'change', 'in-progress', null],
      ['passwordChange', 'block', 'failure', 'new-password-breached'],
    ])
  })

  it('may not keep it, though the pool lets others choose such a password', async () => {
    const { journey, failure } = await setUp({ passwordChange: 'off' })
    await journey.post(typed)
    assert.deepEqual(await journey.post({ password: GOOD_PASSWORD }), step('new-password'))
    assert.equal((await failure())?.message, 'newpassword.same')
  })

  it('shows the second factor first: who has the password alone cannot set the next one', async () => {
    const { journey, sub } = await setUp()
    await journey.ports.factors.enrol(
      {
        poolId: journey.pool.id,
        sub,
        id: 'totp',
        kind: 'totp',
        name: null,
        address: null,
        credentialId: null,
        passkey: null,
        counter: 0,
        createdAt: NOON,
        secret: SECRET,
      },
      nothing,
    )
    assert.deepEqual(await journey.post(typed), step('totp'))
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }, 'new-password'), step('totp'))
    await journey.post({ code: journey.ports.apps.codeAt(SECRET, stepAt(secondsLater(0))) })
    assert.equal((await journey.flow()).step, 'new-password')
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['otp', 'pwd', 'mfa'])
  })

  it('begins again when the password was replaced, or the account closed, while the page was open', async () => {
    const { journey, sub } = await setUp()
    const { pool, users } = journey
    const replaced = aPassword(await plainHasher().hash(OTHER_PASSWORD), { changedAt: secondsLater(5) })
    const changes = [
      () => users.setPassword(pool.id, sub, { password: replaced, historySize: 0, at: secondsLater(5) }, nothing),
      () => users.update(pool.id, sub, { status: 'RESET_REQUIRED', at: NOON }, nothing),
      () => users.update(pool.id, sub, { enabled: false, at: NOON }, nothing),
    ]
    for (const change of changes.toReversed()) {
      const { post, flow } = await journey.another()
      await users.update(pool.id, sub, { status: 'CONFIRMED', enabled: true, at: NOON }, nothing)
      assert.deepEqual(await post(typed), step('new-password'))
      await change()
      assert.deepEqual(await post({ password: 'one more tall teapot' }), step('sign-in'))
      assert.equal((await flow()).state.owedPassword, null)
    }
  })

  it('proves the address first where the account was never confirmed, then chooses another one', async () => {
    for (const signIn of ['change', 'block'] as const) {
      const { journey } = await setUp({ signIn }, { people: [ann({ status: 'UNCONFIRMED' })] })
      assert.deepEqual(await journey.post(typed), step('confirm-account'))
      assert.deepEqual(await journey.post({ code: journey.code() }), step('new-password'))
      assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'done' })
    }
  })

  it('recovers by a code where the pool blocks', async () => {
    const { journey, sub } = await setUp({ signIn: 'block' })
    assert.deepEqual(await journey.post(typed), step('reset-code'))
    assert.equal((await journey.users.findBySub(journey.pool.id, sub))?.user.status, 'RESET_REQUIRED')
    await journey.post({ code: journey.code() })
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), step('sign-in'))
  })

  it('is told by mail and goes on where the pool only tells: once a week', async () => {
    const { journey, reported } = await setUp({ signIn: 'tell' })
    const told = () => journey.sent().filter(({ purpose }) => purpose === 'password-exposed').length
    assert.deepEqual(await journey.post(typed), { kind: 'done' })
    assert.deepEqual([told(), reported()], [1, [['signIn', 'tell', 'success', null]]])
    await (await journey.another()).post(typed)
    assert.deepEqual([told(), reported().length], [1, 2])
    journey.wait(7 * 86_400)
    await (await journey.another()).post(typed)
    assert.equal(told(), 2)
  })

  it('goes on untold where no address is known', async () => {
    const { journey } = await setUp(
      { signIn: 'tell' },
      { people: [ann({ username: 'ann', attributes: {} })], pool: { signInNames: ['username'] } },
    )
    assert.deepEqual(await journey.post({ ...typed, username: 'ann' }), { kind: 'done' })
    assert.deepEqual(journey.sent(), [])
  })
})

describe('a password that others know, chosen where the pool only tells', () => {
  it('is taken at a change, and the mail says so beside the notice of the change', async () => {
    const { journey, reported } = await setUp({ passwordChange: 'tell' })
    await journey.post(typed)
    journey.breaches.leak(OTHER_PASSWORD)
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'done' })
    assert.deepEqual(
      journey.sent().map(({ purpose }) => purpose),
      ['password-changed', 'password-exposed'],
    )
    assert.deepEqual(reported().at(-1), ['passwordChange', 'tell', 'success', null])
  })

  it('is taken at sign-up, and told only to who has proven the address', async () => {
    const { journey, reported } = await setUp({ signUp: 'tell' }, { people: [], step: 'sign-up' })
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    assert.deepEqual(reported(), [])
    await journey.post({ code: journey.code() })
    assert.deepEqual(
      journey.sent().map(({ purpose }) => purpose),
      ['sign-up-code', 'password-exposed'],
    )
    assert.deepEqual(reported(), [['signUp', 'tell', 'success', null]])
  })
})

describe('a look-up', () => {
  it('costs the same calls whether or not the address has an account, and none for wrong passwords', async () => {
    const { journey } = await setUp({}, { people: [ann()] })
    const callsOf = async (username: string, password: string, at: 'sign-up' | 'sign-in') => {
      const { post } = await journey.another({ step: at })
      journey.calls()
      await post({ username, password })
      return journey.calls()['compromised.find'] ?? 0
    }
    for (const username of ['ann@example.com', 'nobody@example.com']) {
      assert.equal(await callsOf(username, 'one wrong teapot', 'sign-in'), 0)
      assert.equal(await callsOf(username, OTHER_PASSWORD, 'sign-up'), 1)
    }
  })
})
