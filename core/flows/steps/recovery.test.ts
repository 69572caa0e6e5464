import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secondsLater } from '#tests/support/builders.ts'
import {
  aJourney,
  ann,
  GOOD_PASSWORD,
  type Journey,
  type JourneyOptions,
  OTHER_PASSWORD,
} from '#tests/support/journey.ts'

const sub = ann().sub ?? ''
const nothing = { events: [] }
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure
const personOf = (journey: Journey) => journey.users.findBySub(journey.pool.id, sub)
const other = (code: string): string => (code === '000000' ? '000001' : '000000')

const forgetting = async (username: string, options: JourneyOptions = {}) => {
  const journey = await aJourney({ people: [ann()], step: 'forgot-password', ...options })
  assert.deepEqual(await journey.post({ username }), { kind: 'step', step: 'reset-code' })
  return journey
}

/** The code was right; the page for the new password is next. */
const proving = async (options: JourneyOptions = {}) => {
  const journey = await forgetting('ann@example.com', options)
  journey.wait(5)
  assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'reset-password' })
  return journey
}

describe('asking for a new password', () => {
  it('refuses what cannot be a name', async () => {
    const journey = await aJourney({ step: 'forgot-password' })
    await journey.post({ username: '' })
    assert.deepEqual(await failureOf(journey), { message: 'identifier.empty', params: {}, field: 'username' })
    await journey.post({ username: 'no name' })
    assert.deepEqual(await failureOf(journey), { message: 'identifier.format', params: {}, field: 'username' })
  })

  it('reaches somebody whom the migrate-user trigger brings from a former directory', async () => {
    const journey = await forgetting('bo@example.com', {
      triggers: {
        migrateUser: async ({ source, password }) => {
          assert.deepEqual([source, password], ['forgot-password', null])
          const attributes = { email: 'bo@example.com', email_verified: true }
          return { ok: true, value: { status: 'RESET_REQUIRED', attributes } }
        },
      },
    })
    assert.deepEqual(
      journey.sent().map(({ purpose, to }) => [purpose, to]),
      [['recovery-code', 'bo@example.com']],
    )
  })

  it('asks the former directory sixty times an hour for a network, and the page does not tell', async () => {
    let asked = 0
    const journey = await aJourney({
      step: 'forgot-password',
      triggers: {
        migrateUser: async () => {
          asked += 1
          return { ok: true, value: null }
        },
      },
    })
    for (let n = 0; n < 70; n++) {
      const each = await journey.another({ step: 'forgot-password' })
      assert.deepEqual(await each.post({ username: `nobody-${n}@example.com` }), { kind: 'step', step: 'reset-code' })
    }
    assert.equal(asked, 60)
  })

  it('looks the same for nobody, a disabled account, one without a proven address, and somebody else’s directory', async () => {
    const people = [
      ann(),
      { attributes: { email: 'dee@example.com', email_verified: true }, enabled: false },
      { attributes: { email: 'una@example.com' } },
      { attributes: { email: 'fed@example.com', email_verified: true }, status: 'EXTERNAL_PROVIDER' as const },
      { attributes: { email: 'del@example.com', email_verified: true }, status: 'DELETING' as const },
    ]
    for (const name of ['nobody', 'dee', 'una', 'fed', 'del']) {
      const journey = await forgetting(`${name}@example.com`, { people })
      assert.deepEqual(journey.sent(), [], name)
      const { recovery } = (await journey.flow()).state
      assert.deepEqual(
        [recovery?.sub, recovery?.destination],
        [null, { channel: 'email', masked: `${name[0]}•••@example.com` }],
      )
    }
  })

  it('sends a code to the proven address and shows only what was typed, masked', async () => {
    const journey = await forgetting('ann', {
      people: [ann({ username: 'ann' })],
      pool: { signInNames: ['username', 'email'] },
    })
    assert.deepEqual(
      journey.sent().map(({ purpose, to }) => [purpose, to]),
      [['recovery-code', 'ann@example.com']],
    )
    assert.deepEqual((await journey.flow()).state.recovery?.destination, { channel: 'email', masked: '' })
  })

  it('counts guesses over all journeys, for somebody and for nobody alike', async () => {
    for (const username of ['ann@example.com', 'nobody@example.com', 'NOBODY@example.com']) {
      const journey = await forgetting('ann@example.com')
      const shown: unknown[] = []
      for (let n = 0; n < 3; n++) {
        const each = await journey.another({ step: 'forgot-password' })
        await each.post({ username })
        for (let guess = 0; guess < 4; guess++) {
          await each.post({ code: other(journey.code()) })
          shown.push((await failureOf(each))?.message)
        }
      }
      assert.deepEqual(shown, [...Array(10).fill('code.wrong'), 'code.spent', 'code.spent'])
    }
  })

  it('takes no code of a sign-up, of another person, or of nobody', async () => {
    const journey = await forgetting('ann@example.com', {
      people: [ann(), { attributes: { email: 'bo@example.com', email_verified: true } }],
    })
    const bo = await journey.another({ step: 'forgot-password' })
    await bo.post({ username: 'bo@example.com' })
    const boCode = journey.code()
    await journey.post({ code: boCode })
    assert.equal((await failureOf(journey))?.message, 'code.wrong')
  })

  it('sends another after the pause, to nobody as slowly as to somebody', async () => {
    for (const username of ['ann@example.com', 'nobody@example.com']) {
      const journey = await forgetting(username)
      await journey.post({ _intent: 'resend' })
      assert.equal((await failureOf(journey))?.message, 'code.toosoon')
      journey.wait(30)
      assert.deepEqual(await journey.post({ _intent: 'resend' }), { kind: 'step', step: 'reset-code' })
      assert.equal(journey.sent().length, username.startsWith('ann') ? 2 : 0)
    }
  })
})

describe('setting a new password after a code', () => {
  it('is not reached without the code', async () => {
    const journey = await forgetting('ann@example.com')
    for (const step of ['reset-password', 'done'] as const)
      assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }, step), { kind: 'step', step: 'reset-code' })
    await journey.post({ code: other(journey.code()), password: OTHER_PASSWORD })
    assert.equal((await journey.flow()).step, 'reset-code')
    assert.match((await personOf(journey))?.password?.hash ?? '', new RegExp(`${encoded(GOOD_PASSWORD)}$`))
  })

  it('uses the code up: the same code proves nothing in a second journey', async () => {
    const journey = await proving()
    const second = await journey.another({ step: 'forgot-password' })
    const code = journey.code()
    await second.post({ username: 'ann@example.com' })
    await second.post({ code })
    assert.equal((await second.flow()).step, 'reset-code')
  })

  it('refuses a password the pool would not take, and asks again', async () => {
    const journey = await proving()
    await journey.post({ password: 'short' })
    assert.equal((await failureOf(journey))?.message, 'newpassword.short')
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'step', step: 'sign-in' })
  })

  it('is told to the post-confirmation trigger, whose refusal is shown and takes nothing back', async () => {
    const sources: string[] = []
    const journey = await proving({
      triggers: {
        postConfirmation: async ({ source }) => {
          sources.push(source)
          return { ok: false, failure: { code: 'trigger-refused' } }
        },
      },
    })
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'step', step: 'sign-in' })
    const { state } = await journey.flow()
    assert.deepEqual(
      [sources, state.failure?.message, state.notice],
      [['recovery'], 'trigger.refused', 'passwordChanged'],
    )
    assert.deepEqual(await journey.post({ username: 'ann@example.com', password: OTHER_PASSWORD }), { kind: 'done' })
  })

  it('signs nobody in: the new password does that', async () => {
    const journey = await proving()
    await journey.post({ password: OTHER_PASSWORD })
    const { state, step } = await journey.flow()
    assert.deepEqual([step, state.proof, state.recovery, state.notice], ['sign-in', null, null, 'passwordChanged'])
    assert.deepEqual(state.values, { username: 'ann@example.com' })
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    assert.equal((await failureOf(journey))?.message, 'signin.failed')
    assert.deepEqual(await journey.post({ username: 'ann@example.com', password: OTHER_PASSWORD }), { kind: 'done' })
  })

  it('tells the person, ends a temporary state, and frees a locked account', async () => {
    const journey = await proving()
    await journey.users.update(journey.pool.id, sub, { status: 'RESET_REQUIRED', at: secondsLater(1) }, nothing)
    await journey.post({ password: OTHER_PASSWORD })
    assert.equal(journey.sent().at(-1)?.purpose, 'password-changed')
    const found = await personOf(journey)
    assert.deepEqual([found?.user.status, found?.password?.isTemporary], ['CONFIRMED', false])
  })

  it('ends sessions everywhere when the person asks for it', async () => {
    for (const everywhere of ['', 'on']) {
      const journey = await proving()
      await journey.post({ password: OTHER_PASSWORD, everywhere })
      const validAfter = (await personOf(journey))?.user.sessionsValidAfter
      assert.deepEqual(validAfter, secondsLater(everywhere === '' ? 0 : 5))
    }
  })

  it('begins anew when the account was disabled or deleted after the code', async () => {
    for (const change of [{ enabled: false }, { status: 'DELETING' as const }, null]) {
      const journey = await proving()
      if (change === null) await journey.users.delete(journey.pool.id, sub, nothing)
      else await journey.users.update(journey.pool.id, sub, { ...change, at: secondsLater(6) }, nothing)
      assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'step', step: 'forgot-password' })
    }
  })

  it('is not possible any more once a password was set elsewhere: a stolen code does not outlive the owner’s answer', async () => {
    const thief = await proving()
    const owner = await thief.another({ step: 'forgot-password' })
    await owner.post({ username: 'ann@example.com' })
    await owner.post({ code: thief.code() })
    assert.deepEqual(await owner.post({ password: OTHER_PASSWORD }), { kind: 'step', step: 'sign-in' })
    assert.deepEqual(await thief.post({ password: 'a-thief-was-here-2030' }), { kind: 'step', step: 'forgot-password' })
    assert.match((await personOf(thief))?.password?.hash ?? '', new RegExp(`${encoded(OTHER_PASSWORD)}$`))
  })

  it('refuses former passwords where the pool remembers them', async () => {
    const journey = await aJourney({
      people: [ann()],
      step: 'forgot-password',
      pool: { passwordPolicy: { blockCommon: false, historySize: 2 } },
    })
    await journey.post({ username: 'ann@example.com' })
    await journey.post({ code: journey.code() })
    await journey.post({ password: GOOD_PASSWORD })
    assert.equal((await failureOf(journey))?.message, 'newpassword.same')
  })
})

const encoded = (password: string): string => Buffer.from(password).toString('base64url')
