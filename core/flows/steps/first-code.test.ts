import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const MAIL = 'ann@example.com'
const sub = ann().sub ?? ''
const other = (code: string): string => (code === '000000' ? '000001' : '000000')
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure?.message
const tokenOf = (journey: Journey): string =>
  new URL(journey.sent().at(-1)?.link ?? 'x:').searchParams.get('token') ?? ''

const byCode: PoolSettingsInput = { firstFactors: ['email-code'] }
const asked = async (options: JourneyOptions = {}, username = MAIL) => {
  const journey = await aJourney({ people: [ann()], pool: byCode, ...options })
  assert.deepEqual(await journey.post({ username }), { kind: 'step', step: 'sign-in-code' })
  return journey
}

describe('signing in by a code instead of a password', () => {
  it('asks for the name alone, sends a code to a proven address, and takes it', async () => {
    const journey = await asked()
    assert.deepEqual(
      journey.sent().map(({ purpose, to, link }) => [purpose, to, link]),
      [['sign-in-code', MAIL, null]],
    )
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.deepEqual([proof?.sub, proof?.amr], [sub, ['otp']])
  })

  it('sends nothing to who has no proven address, is disabled, or is not confirmed', async () => {
    for (const person of [
      ann({ attributes: { email: MAIL } }),
      ann({ enabled: false }),
      ann({ status: 'UNCONFIRMED' }),
      ann({ status: 'FORCE_CHANGE_PASSWORD' }),
      ann({ status: 'RESET_REQUIRED' }),
    ]) {
      const journey = await asked({ people: [person] })
      assert.deepEqual(journey.sent(), [])
      await journey.post({ code: '123456' })
      assert.equal(await failureOf(journey), 'code.wrong')
    }
  })

  it('refuses wrong codes, old ones, and those of another journey', async () => {
    const journey = await asked()
    const code = journey.code()
    await journey.post({ code: other(code) })
    assert.equal(await failureOf(journey), 'code.wrong')
    const stranger = await journey.another()
    await stranger.post({ username: MAIL })
    await stranger.post({ code })
    assert.equal(await failureOf(stranger), 'code.wrong')
    journey.wait(601)
    await journey.post({ code })
    assert.equal(await failureOf(journey), 'code.expired')
  })

  it('counts guesses at a person over all journeys, before it compares', async () => {
    const journey = await asked()
    const journeys = await Promise.all(Array.from({ length: 50 }, () => journey.another()))
    for (const each of journeys) await each.post({ username: MAIL })
    await Promise.all(journeys.map((each) => each.post({ code: '999999' })))
    const messages = await Promise.all(journeys.map(failureOf))
    assert.equal(messages.filter((message) => message === 'code.wrong').length, 15)
    assert.equal(messages.filter((message) => message === 'code.spent').length, 35)
  })

  it('starts anew where the account was disabled or lost the address since', async () => {
    for (const change of [{ enabled: false }, { attributes: { email_verified: false } }]) {
      const journey = await asked()
      await journey.users.update(journey.pool.id, sub, { ...change, at: new Date() }, { events: [] })
      assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'sign-in' })
      assert.equal((await journey.flow()).state.proof, null)
    }
  })

  it('is asked through the owner’s trigger like any sign-in', async () => {
    const journey = await asked({
      triggers: { preAuthentication: async () => ({ ok: false, failure: { code: 'trigger-refused' } }) },
    })
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'sign-in-code' })
    assert.equal(await failureOf(journey), 'trigger.refused')
  })

  it('leads to what is owed beside it, and is never two factors by itself', async () => {
    const journey = await asked({
      pool: { ...byCode, mfa: 'optional', factors: { allowed: ['totp'] } },
      client: { requireSecondFactor: true },
    })
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'enrol-factor' })
    assert.equal((await journey.flow()).state.proof, null)
  })
})

describe('the ways a pool offers', () => {
  const ways: PoolSettingsInput = { firstFactors: ['password', 'email-code', 'magic-link'] }

  it('are chosen from after the name, and each leads on', async () => {
    const journey = await aJourney({ people: [ann()], pool: ways })
    assert.deepEqual(await journey.post({ username: MAIL }), { kind: 'step', step: 'choose-method' })
    assert.deepEqual(await journey.post({ way: 'password' }), { kind: 'step', step: 'password' })
    assert.deepEqual(await journey.post({ _intent: 'another' }), { kind: 'step', step: 'choose-method' })
    assert.deepEqual(await journey.post({ way: 'email-code' }), { kind: 'step', step: 'sign-in-code' })
    assert.deepEqual(await journey.post({ _intent: 'another' }), { kind: 'step', step: 'choose-method' })
    await journey.post({ way: 'password' })
    assert.deepEqual(await journey.post({ password: GOOD_PASSWORD }), { kind: 'done' })
  })

  it('are no others: what the pool does not offer is not to be had by asking', async () => {
    const journey = await aJourney({ people: [ann()], pool: ways })
    await journey.post({ username: MAIL })
    for (const method of ['sms-code', 'passkey', 'nothing', '']) {
      assert.deepEqual(await journey.post({ way: method }), { kind: 'step', step: 'choose-method' })
    }
    assert.deepEqual(journey.sent(), [])
  })
})

describe('a link that signs in', () => {
  const linked = async () => asked({ pool: { firstFactors: ['magic-link'] } })

  it('comes with a code in one mail, and either moves the journey on, once', async () => {
    const journey = await linked()
    assert.match(journey.sent()[0]?.link ?? '', /\/signInLink\?token=[\w-]{43}$/)
    const token = tokenOf(journey)
    assert.deepEqual(await journey.post({ _intent: 'link', token }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['otp'])
    const again = await linked()
    assert.deepEqual(await again.post({ code: again.code() }), { kind: 'done' })
  })

  it('moves no journey but its own: a stranger’s is not signed in by it', async () => {
    const journey = await linked()
    const token = tokenOf(journey)
    const stranger = await journey.another()
    await stranger.post({ username: MAIL })
    await stranger.post({ _intent: 'link', token })
    assert.equal(await failureOf(stranger), 'link.unusable')
    assert.equal((await stranger.flow()).state.proof, null)
    assert.deepEqual(await journey.post({ _intent: 'link', token }), { kind: 'done' })
  })

  it('says so when it is old, was used, was replaced, or never was one', async () => {
    const journey = await linked()
    const token = tokenOf(journey)
    await journey.post({ _intent: 'link', token: 'x'.repeat(43) })
    assert.equal(await failureOf(journey), 'link.unusable')
    journey.wait(601)
    await journey.post({ _intent: 'link', token })
    assert.equal(await failureOf(journey), 'link.expired')
    for (let n = 0; n < 3; n++) {
      await journey.post({ _intent: 'resend' })
      journey.wait(121)
    }
    await journey.post({ _intent: 'link', token })
    assert.equal(await failureOf(journey), 'link.unusable')
  })

  it('signs in one of fifty who press it at once, in each of 50 rounds', async () => {
    for (let round = 0; round < 50; round++) {
      const journey = await linked()
      const token = tokenOf(journey)
      await Promise.all(Array.from({ length: 50 }, () => journey.post({ _intent: 'link', token })))
      const used = journey.written.events.filter(
        ({ type, outcome }) => type === 'code.checked' && outcome === 'success',
      )
      assert.equal(used.length, 1, `round ${round}`)
      assert.equal((await journey.flow()).step, 'done')
    }
  })
})
