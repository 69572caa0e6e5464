import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const PHONE = '+4930123456'
const MAIL = 'ann@example.com'
const sub = ann().sub ?? ''
const right = { username: MAIL, password: GOOD_PASSWORD }
const reachable = ann({ attributes: { email: MAIL, email_verified: true, phone_number: PHONE } })
const other = (code: string): string => (code === '000000' ? '000001' : '000000')
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure?.message

const enrol = (journey: Journey, kind: 'sms' | 'email', address: string) =>
  journey.ports.factors.enrol(
    {
      poolId: journey.pool.id,
      sub,
      id: kind,
      kind,
      name: null,
      address,
      credentialId: null,
      passkey: null,
      counter: 0,
      createdAt: NOON,
      secret: null,
    },
    { events: [] },
  )

/** Ann with a phone for codes. */
const withPhone = async ({ pool, ...options }: JourneyOptions = {}) => {
  const settings = {
    mfa: 'optional' as const,
    factors: { allowed: ['totp' as const, 'sms' as const, 'email' as const] },
  }
  const journey = await aJourney({ people: [reachable], ...options, pool: { ...settings, ...pool } })
  await enrol(journey, 'sms', PHONE)
  return journey
}

describe('a second factor by code', () => {
  it('is sent after the right password and not after a wrong one', async () => {
    const journey = await withPhone()
    await journey.post({ ...right, password: 'wrong-wrong-wrong' })
    assert.deepEqual(journey.sent(), [])
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'factor-code' })
    assert.deepEqual(
      journey.sent().map(({ purpose, to }) => [purpose, to]),
      [['second-factor-code', PHONE]],
    )
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('signs in with the code, and the proof names both ways', async () => {
    const journey = await withPhone()
    await journey.post(right)
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd', 'sms', 'otp', 'mfa'])
  })

  it('proves the phone number it went to', async () => {
    const journey = await withPhone()
    await journey.post(right)
    await journey.post({ code: journey.code() })
    const found = await journey.users.findBySub(journey.pool.id, sub)
    assert.equal(found?.user.attributes.phone_number_verified, true)
  })

  it('refuses an empty form, a short code, a wrong one, and one that is old', async () => {
    const journey = await withPhone()
    await journey.post(right)
    const code = journey.code()
    for (const [typed, message] of [
      ['', 'code.empty'],
      ['12', 'code.short'],
      [other(code), 'code.wrong'],
    ] as const) {
      await journey.post({ code: typed })
      assert.equal(await failureOf(journey), message)
    }
    journey.wait(601)
    await journey.post({ code })
    assert.equal(await failureOf(journey), 'code.expired')
  })

  it('opens no other journey: a code that somebody reads out helps only who asked for it', async () => {
    const journey = await withPhone()
    const stranger = await journey.another()
    await stranger.post(right)
    await journey.post(right)
    await stranger.post({ code: journey.code() })
    assert.equal(await failureOf(stranger), 'code.wrong')
  })

  it('dies after five wrong guesses of its journey, and ten of the person over all journeys', async () => {
    const journey = await withPhone()
    await journey.post(right)
    const code = journey.code()
    for (let n = 0; n < 5; n++) await journey.post({ code: other(code) })
    await journey.post({ code })
    assert.equal(await failureOf(journey), 'code.spent')
    const late = await journey.another()
    await late.post(right)
    for (let n = 0; n < 4; n++) await late.post({ code: other(journey.code()) })
    await late.post({ code: journey.code() })
    assert.equal(await failureOf(late), 'mfa.spent')
  })

  it('is guessed five times by fifty who try at once, in each of 50 rounds', async () => {
    for (let round = 0; round < 50; round++) {
      const journey = await withPhone({ seed: round + 1 })
      await journey.post(right)
      const wrong = other(journey.code())
      await Promise.all(Array.from({ length: 50 }, () => journey.post({ code: wrong })))
      const compared = journey.written.events.filter(({ reason }) => reason === 'code-mismatch').length
      assert.equal(compared, 5, `round ${round}`)
    }
  })

  it('sends another after half a minute, not before, and five an hour at most', async () => {
    const journey = await withPhone()
    await journey.post(right)
    await journey.post({ _intent: 'resend' })
    assert.equal(await failureOf(journey), 'code.toosoon')
    for (let n = 0; n < 8; n++) {
      journey.wait(121)
      await journey.post({ _intent: 'resend' })
    }
    assert.equal(journey.sent().length, 5)
  })

  it('costs no place of the hour once it was used', async () => {
    const journey = await withPhone()
    for (let n = 0; n < 12; n++) {
      const each = await journey.another()
      await each.post(right)
      assert.deepEqual(await each.post({ code: journey.code() }), { kind: 'done' }, `sign-in ${n + 1}`)
    }
  })

  it('is not sent twice for going to and fro between the ways', async () => {
    const journey = await withPhone()
    await enrol(journey, 'email', MAIL)
    await journey.post(right)
    for (let n = 0; n < 3; n++) {
      await journey.post({ factor: 'sms' })
      await journey.post({ _intent: 'another' })
    }
    assert.equal(journey.sent().length, 1)
  })

  it('is chosen among several, and each goes to its own address', async () => {
    const journey = await withPhone()
    await enrol(journey, 'email', 'ann@work.example')
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'choose-factor' })
    assert.deepEqual(await journey.post({ factor: 'email' }), { kind: 'step', step: 'factor-code' })
    assert.equal(journey.sent().at(-1)?.to, 'ann@work.example')
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
  })

  it('leads to the choice, with the reason, where the pool sends nothing to that number', async () => {
    const journey = await withPhone({ pool: { sms: { blockedPrefixes: ['+49'] } } })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'choose-factor' })
    assert.equal(await failureOf(journey), 'code.destination')
    assert.deepEqual(journey.sent(), [])
    const [event] = journey.written.events.filter(({ type }) => type === 'limit.reached')
    assert.deepEqual([event?.reason, event?.detail.limit], ['destination-refused', 'destination'])
  })
})

describe('a proven phone or address where the pool asks everybody for a second factor', () => {
  const required = { mfa: 'required' as const, factors: { allowed: ['totp' as const, 'email' as const] } }

  it('is one without having been set up', async () => {
    const journey = await aJourney({ people: [ann()], pool: required })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'factor-code' })
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd', 'otp', 'mfa'])
  })

  it('is none before it is proven: something has to be set up', async () => {
    const unproven = ann({ attributes: { email: MAIL } })
    const journey = await aJourney({ people: [unproven], pool: required })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'enrol-factor' })
  })
})
