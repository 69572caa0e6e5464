import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, ann, type Journey, type JourneyOptions, OTHER_PASSWORD } from '#tests/support/journey.ts'

// Attack 52: whoever holds one mailbox or one phone must not make the password and show the second factor with it.

const MAIL = 'ann@example.com'
const PHONE = '+4930123456'
const sub = ann().sub ?? ''
const proven = { email: MAIL, email_verified: true, phone_number: PHONE, phone_number_verified: true }

const forgetting = async (factors: readonly ('sms' | 'email' | 'totp')[], options: JourneyOptions = {}) => {
  const journey = await aJourney({
    people: [ann({ attributes: proven })],
    step: 'forgot-password',
    ...options,
    pool: {
      mfa: 'optional',
      factors: { allowed: ['totp', 'sms', 'email'] },
      owner: 'the library desk',
      ...options.pool,
    },
  })
  for (const kind of factors) {
    await journey.ports.factors.enrol(
      {
        poolId: journey.pool.id,
        sub,
        id: kind,
        kind,
        name: null,
        address: kind === 'sms' ? PHONE : kind === 'email' ? MAIL : null,
        credentialId: null,
        passkey: null,
        counter: 0,
        createdAt: NOON,
        secret: kind === 'totp' ? 'GEZDGNBVGY3TQOJQ' : null,
      },
      { events: [] },
    )
  }
  assert.deepEqual(await journey.post({ username: MAIL }), { kind: 'step', step: 'reset-code' })
  return journey
}

const sent = (journey: Journey) => journey.sent().map(({ purpose, to }) => `${purpose} ${to}`)

describe('the code that resets a password', () => {
  it('goes by mail, which is no second factor, unless it is one', async () => {
    assert.deepEqual(sent(await forgetting([])), [`recovery-code ${MAIL}`])
    assert.deepEqual(sent(await forgetting(['totp'])), [`recovery-code ${MAIL}`])
    assert.deepEqual(sent(await forgetting(['sms'])), [`recovery-code ${MAIL}`])
  })

  it('goes by SMS to whom mail is the second factor, even beside a stronger one', async () => {
    assert.deepEqual(sent(await forgetting(['email'])), [`recovery-code ${PHONE}`])
    assert.deepEqual(sent(await forgetting(['totp', 'email'])), [`recovery-code ${PHONE}`])
  })

  it('is not sent where every channel is a second factor: a mail says so, and no code is right', async () => {
    const journey = await forgetting(['sms', 'email'])
    assert.deepEqual(sent(journey), [`cannot-reset ${MAIL}`])
    for (const code of [journey.code(), '123456']) {
      assert.deepEqual(await journey.post({ code }), { kind: 'step', step: 'reset-code' })
      assert.equal((await journey.flow()).state.failure?.message, 'code.wrong')
    }
    const [started] = journey.written.events.filter(({ type }) => type === 'recovery.started')
    assert.equal(started?.detail.because, 'every channel is a second factor')
  })

  it('is not sent where the pool takes the address for a second factor of everybody', async () => {
    const people = [ann()]
    const pool = { mfa: 'required' as const, factors: { allowed: ['email' as const] } }
    assert.deepEqual(sent(await forgetting([], { people, pool })), [`cannot-reset ${MAIL}`])
  })

  it('is sent wherever second factors are off', async () => {
    assert.deepEqual(sent(await forgetting(['email'], { pool: { mfa: 'off' } })), [`recovery-code ${MAIL}`])
  })
})

describe('whoever resets a password by mail', () => {
  it('never meets a code by mail as the second factor of the sign-in that follows', async () => {
    const journey = await forgetting(['sms'])
    await journey.post({ code: journey.code() })
    await journey.post({ password: OTHER_PASSWORD })
    assert.deepEqual(await journey.post({ username: MAIL, password: OTHER_PASSWORD }), {
      kind: 'step',
      step: 'factor-code',
    })
    assert.equal(journey.sent().at(-1)?.to, PHONE)
  })
})
