import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noTriggers } from '#core/triggers/index.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const form = { username: 'new@example.com', password: GOOD_PASSWORD }
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure
const signUp = (options: JourneyOptions = {}) => aJourney({ step: 'sign-up', ...options })
const find = (journey: Journey, name: string) => journey.users.findByName(journey.pool.id, name)

describe('signing up', () => {
  it('is refused where the pool is closed, whatever is posted', async () => {
    const journey = await signUp({ pool: { selfSignUp: false, owner: 'The Office' } })
    assert.deepEqual(await journey.post(form), { kind: 'step', step: 'sign-up' })
    assert.deepEqual(await failureOf(journey), {
      message: 'signup.closed',
      params: { owner: 'The Office' },
      field: null,
    })
    assert.deepEqual(journey.sent(), [])
  })

  it('refuses what is no address, an easy password, and says at which field', async () => {
    const journey = await signUp({ pool: { passwordPolicy: { blockCommon: true } } })
    for (const [given, message, field] of [
      [{ ...form, username: '' }, 'identifier.empty', 'username'],
      [{ ...form, username: 'no address' }, 'identifier.format', 'username'],
      [{ ...form, username: 'a@b@example.com' }, 'identifier.format', 'username'],
      [{ ...form, password: '' }, 'newpassword.empty', 'password'],
      [{ ...form, password: 'short' }, 'newpassword.short', 'password'],
      [{ ...form, password: 'new@example.com-new@example.com' }, 'newpassword.common', 'password'],
    ] as const) {
      await journey.post(given)
      const failure = await failureOf(journey)
      assert.deepEqual([failure?.message, failure?.field], [message, field])
    }
    assert.equal(await find(journey, 'new@example.com'), null)
  })

  it('refuses addresses of domains the pool does not take, in every spelling', async () => {
    const journey = await signUp({ pool: { allowedEmailDomains: ['example.com'] } })
    for (const username of ['new@example.org', 'new@sub.example.com', 'new@example.com.example.org', 'new@EXAMPLE.ORG'])
      await journey.post({ ...form, username }).then(async () => {
        assert.equal((await failureOf(journey))?.message, 'signup.domain', username)
      })
    assert.deepEqual(await journey.post({ ...form, username: 'New@EXAMPLE.com' }), {
      kind: 'step',
      step: 'confirm-sign-up',
    })
  })

  it('asks for what the pool requires and takes nothing else from the form', async () => {
    const journey = await signUp({
      pool: { attributes: { given_name: { required: true }, 'custom:role': {} } },
    })
    await journey.post(form)
    assert.deepEqual(await failureOf(journey), { message: 'attribute.missing', params: {}, field: 'given_name' })
    await journey.post({
      ...form,
      given_name: 'Neo',
      'custom:role': 'admin',
      email_verified: 'true',
      sub: 'chosen',
      family_name: 'X',
    })
    assert.deepEqual((await journey.flow()).state.signUp?.attributes, { email: 'new@example.com', given_name: 'Neo' })
  })

  it('makes nobody before the code is right: the address stays free for its owner', async () => {
    const journey = await signUp()
    assert.deepEqual(await journey.post(form), { kind: 'step', step: 'confirm-sign-up' })
    assert.equal(await find(journey, 'new@example.com'), null)
    await journey.post({ code: journey.code() === '000000' ? '000001' : '000000' })
    assert.equal((await failureOf(journey))?.message, 'code.wrong')
    assert.equal(await find(journey, 'new@example.com'), null)
  })

  it('makes the person with the right code, proven and signed in', async () => {
    const journey = await signUp()
    await journey.post(form)
    assert.deepEqual(
      journey.sent().map(({ purpose, to }) => [purpose, to]),
      [['sign-up-code', 'new@example.com']],
    )
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
    const made = await find(journey, 'new@example.com')
    assert.equal(made?.user.status, 'CONFIRMED')
    assert.equal(made?.user.attributes.email_verified, true)
    assert.equal(made?.user.username, made?.user.sub)
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd', 'otp', 'mfa'])
    assert.equal((await journey.flow()).state.signUp, null)
  })

  it('leads to the sign-in page where the pool wants that', async () => {
    const journey = await signUp({ pool: { signInAfterConfirm: false } })
    await journey.post(form)
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'sign-in' })
    const { state } = await journey.flow()
    assert.deepEqual([state.proof, state.notice], [null, 'emailConfirmed'])
  })

  it('goes on the same way for an address that has an account, and leads nowhere', async () => {
    const journey = await signUp({ people: [ann()] })
    assert.deepEqual(await journey.post({ ...form, username: 'ANN@example.com' }), {
      kind: 'step',
      step: 'confirm-sign-up',
    })
    const [message] = journey.sent()
    assert.deepEqual([message?.purpose, message?.to], ['account-exists', 'ANN@example.com'])
    assert.equal(message?.link, null)
    // Were the code guessed: still nothing.
    await journey.post({ code: journey.code() })
    assert.deepEqual((await failureOf(journey))?.message, 'code.wrong')
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('says "taken" of a user name people choose, and of nothing else', async () => {
    const pool = { signInNames: ['username', 'email'] as const }
    const options = { pool: { signInNames: [...pool.signInNames] }, people: [ann({ username: 'ann' })] }
    const journey = await signUp(options)
    await journey.post({ ...form, username: 'Ann', email: 'else@example.com' })
    assert.deepEqual(await failureOf(journey), { message: 'signup.taken', params: {}, field: 'username' })
    const other = await signUp(options)
    assert.deepEqual(await other.post({ ...form, username: 'newcomer', email: 'ann@example.com' }), {
      kind: 'step',
      step: 'confirm-sign-up',
    })
    assert.deepEqual(
      other.sent().map(({ purpose }) => purpose),
      ['account-exists'],
    )
  })

  it('leaves an address to who proved it first', async () => {
    const journey = await signUp()
    const rival = await journey.another({ step: 'sign-up' })
    await journey.post(form)
    const code = journey.code()
    await rival.post(form)
    const rivalCode = journey.code()
    assert.deepEqual(await rival.post({ code: rivalCode }), { kind: 'done' })
    assert.deepEqual(await journey.post({ code }), { kind: 'step', step: 'sign-in' })
    const { state } = await journey.flow()
    assert.deepEqual([state.proof, state.notice], [null, 'accountExists'])
  })

  it('is limited for a network, before anything is looked at', async () => {
    const journey = await signUp()
    for (let n = 0; n < 30; n++) await journey.post({ ...form, username: 'no address' })
    await journey.post(form)
    assert.deepEqual(await failureOf(journey), { message: 'request.throttled', params: { minutes: 60 }, field: null })
    assert.deepEqual(journey.sent(), [])
  })

  it('asks the operator’s trigger, which may refuse, confirm at once, and vouch for the address', async () => {
    const no = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    const refused = await signUp({ triggers: { ...noTriggers, preSignUp: no } })
    await refused.post(form)
    assert.equal((await failureOf(refused))?.message, 'trigger.refused')
    const vouching = await signUp({
      triggers: {
        ...noTriggers,
        preSignUp: async () => ({
          ok: true,
          value: { autoConfirm: true, autoVerifyEmail: true, autoVerifyPhone: true },
        }),
      },
    })
    assert.deepEqual(await vouching.post(form), { kind: 'done' })
    const made = await find(vouching, 'new@example.com')
    assert.deepEqual(made?.user.attributes, { email: 'new@example.com', email_verified: true })
    assert.deepEqual((await vouching.flow()).state.proof?.amr, ['pwd'])
  })

  it('an unvouched confirmation proves no address', async () => {
    const journey = await signUp({
      triggers: {
        ...noTriggers,
        preSignUp: async () => ({
          ok: true,
          value: { autoConfirm: true, autoVerifyEmail: false, autoVerifyPhone: false },
        }),
      },
    })
    await journey.post(form)
    assert.equal((await find(journey, 'new@example.com'))?.user.attributes.email_verified, undefined)
  })

  it('sends the code by SMS to who signs up with a number', async () => {
    const journey = await signUp({
      pool: { signInNames: ['phone_number'], autoVerify: ['phone_number'] },
    })
    await journey.post({ ...form, username: '+49 30 1234567' })
    assert.equal(journey.sent()[0]?.to, '+49301234567')
    await journey.post({ code: journey.code() })
    assert.equal((await find(journey, '+49301234567'))?.user.attributes.phone_number_verified, true)
  })
})
