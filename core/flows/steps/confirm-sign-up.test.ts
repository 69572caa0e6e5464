import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aJourney, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const form = { username: 'new@example.com', password: GOOD_PASSWORD }
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure
const signUp = (options: JourneyOptions = {}) => aJourney({ step: 'sign-up', ...options })
const find = (journey: Journey, name: string) => journey.users.findByName(journey.pool.id, name)

describe('a code on its way', () => {
  it('may be asked for again after a pause that grows, and the older ones still work', async () => {
    const journey = await signUp()
    await journey.post(form)
    const first = journey.code()
    await journey.post({ _intent: 'resend' })
    assert.deepEqual(await failureOf(journey), { message: 'code.toosoon', params: { seconds: 30 }, field: null })
    for (const pause of [30, 60, 120]) {
      journey.wait(pause - 1)
      await journey.post({ _intent: 'resend' })
      assert.deepEqual((await failureOf(journey))?.params, { seconds: 1 })
      if (pause === 120) break
      journey.wait(1)
      await journey.post({ _intent: 'resend' })
      assert.equal(await failureOf(journey), null)
    }
    assert.equal(journey.sent().length, 3)
    assert.deepEqual(await journey.post({ code: first }), { kind: 'done' })
  })

  it('is another message to the custom-message trigger when it is sent again', async () => {
    const journey = await signUp()
    const { compose } = journey.ports.messages
    const told: unknown[] = []
    journey.ports.messages = {
      compose: (request) => {
        told.push(request.source)
        return compose(request)
      },
    }
    await journey.post(form)
    journey.wait(30)
    await journey.post({ _intent: 'resend' })
    assert.deepEqual(told, [undefined, 'resend-code'])
  })

  it('is worth nothing after its minutes, and the page says so only to who had it', async () => {
    const journey = await signUp()
    await journey.post(form)
    journey.wait(15 * 60)
    await journey.post({ code: journey.code() })
    assert.equal((await failureOf(journey))?.message, 'code.expired')
  })

  it('is worth nothing in another journey', async () => {
    const journey = await signUp()
    await journey.post(form)
    const code = journey.code()
    const other = await journey.another({ step: 'sign-up' })
    await other.post({ ...form, username: 'other@example.com' })
    await other.post({ code })
    assert.equal((await failureOf(other))?.message, 'code.wrong')
  })

  it('takes fifteen guesses an hour, over all codes of the journey', async () => {
    const journey = await signUp()
    await journey.post(form)
    const code = journey.code()
    const guess = code === '111111' ? '222222' : '111111'
    for (let n = 0; n < 15; n++) await journey.post({ code: guess })
    await journey.post({ code })
    const failure = await failureOf(journey)
    assert.deepEqual([failure?.message, failure?.params], ['code.spent', { minutes: 60 }])
  })

  it('is not sent to one recipient more than five times an hour, and the page does not tell', async () => {
    const journey = await signUp()
    for (let n = 0; n < 8; n++) {
      const each = await journey.another({ step: 'sign-up' })
      assert.deepEqual(await each.post(form), { kind: 'step', step: 'confirm-sign-up' })
    }
    assert.equal(journey.sent().length, 5)
    assert.equal(journey.written.events.filter(({ type }) => type === 'limit.reached').length, 3)
  })

  it('is forgotten when another address is chosen', async () => {
    const journey = await signUp()
    await journey.post(form)
    const code = journey.code()
    assert.deepEqual(await journey.post({ _intent: 'change-destination' }), { kind: 'step', step: 'sign-up' })
    assert.equal((await journey.flow()).state.values.username, 'new@example.com')
    assert.deepEqual(await journey.post({ code }, 'confirm-sign-up'), { kind: 'step', step: 'sign-up' })
    await journey.post({ ...form, username: 'victim@example.com' })
    await journey.post({ code })
    assert.equal(await find(journey, 'victim@example.com'), null)
  })

  it('posted thirty times at once makes one account and signs in, whichever of the others is answered first', async () => {
    const journey = await signUp()
    await journey.post(form)
    const code = journey.code()
    const answers = await Promise.all(Array.from({ length: 30 }, () => journey.post({ code })))
    const { step, state } = await journey.flow()
    assert.deepEqual([step, state.failure, state.proof?.amr], ['done', null, ['pwd', 'otp', 'mfa']])
    assert.equal(answers.filter(({ kind }) => kind === 'done').length > 0, true)
    const of = (type: string, outcome: string) =>
      journey.written.events.filter((event) => event.type === type && event.outcome === outcome).length
    assert.equal(of('sign_up.confirmed', 'success'), 1)
    assert.equal((await find(journey, 'new@example.com'))?.user.status, 'CONFIRMED')
  })

  it('leads into a sign-in that the operator’s triggers are asked about, before and after', async () => {
    const asked: string[] = []
    const note = (what: string) => async () => {
      asked.push(what)
      return { ok: true, value: undefined } as const
    }
    const triggers = {
      postConfirmation: note('confirmed'),
      preAuthentication: note('before'),
      postAuthentication: note('after'),
    }
    const direct = await signUp({ triggers })
    await direct.post(form)
    await direct.post({ code: direct.code() })
    assert.deepEqual(asked.splice(0), ['confirmed', 'before', 'after'])
    const apart = await signUp({ triggers, pool: { signInAfterConfirm: false } })
    await apart.post(form)
    await apart.post({ code: apart.code() })
    assert.deepEqual(asked, ['confirmed'])
  })

  it('makes the account but no sign-in where a trigger refuses that', async () => {
    const no = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    for (const triggers of [{ preAuthentication: no }, { postAuthentication: no }]) {
      const journey = await signUp({ triggers })
      await journey.post(form)
      assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'sign-in' })
      const { state } = await journey.flow()
      assert.deepEqual([state.proof, state.failure?.message], [null, 'trigger.refused'])
      assert.equal((await find(journey, 'new@example.com'))?.user.status, 'CONFIRMED')
    }
  })
})
