import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey } from '#tests/support/journey.ts'

const PHONE = '+4930123456'
const sub = ann().sub ?? ''
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const other = (code: string): string => (code === '000000' ? '000001' : '000000')
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure

const enrolling = async (pool: PoolSettingsInput = {}) => {
  const journey = await aJourney({
    people: [ann()],
    pool: { mfa: 'required', factors: { allowed: ['totp', 'sms'] }, ...pool },
  })
  assert.deepEqual(await journey.post(right), { kind: 'step', step: 'enrol-factor' })
  assert.deepEqual(await journey.post({ kind: 'sms' }), { kind: 'step', step: 'enrol-contact' })
  return journey
}

describe('setting up codes by SMS or mail', () => {
  it('is not open for a kind the pool does not allow', async () => {
    const journey = await aJourney({ people: [ann()], pool: { mfa: 'required', factors: { allowed: ['totp'] } } })
    await journey.post(right)
    assert.deepEqual(await journey.post({ kind: 'sms' }), { kind: 'step', step: 'enrol-factor' })
  })

  it('refuses what is no number, and a number the pool sends nothing to', async () => {
    const journey = await enrolling({ sms: { blockedPrefixes: ['+882'] } })
    await journey.post({ phone_number: '030 123' })
    assert.deepEqual((await failureOf(journey))?.message, 'attribute.format')
    await journey.post({ phone_number: '+882 16 1234 5678' })
    assert.deepEqual(await failureOf(journey), { message: 'code.destination', params: {}, field: 'phone_number' })
    assert.deepEqual(journey.sent(), [])
  })

  it('takes the first code for proof, shows recovery codes and signs in', async () => {
    const journey = await enrolling()
    assert.deepEqual(await journey.post({ phone_number: '+49 30 123456' }), {
      kind: 'step',
      step: 'enrol-contact-code',
    })
    assert.deepEqual(
      journey.sent().map(({ purpose, to }) => [purpose, to]),
      [['enrol-factor-code', PHONE]],
    )
    await journey.post({ code: other(journey.code()) })
    assert.equal((await failureOf(journey))?.message, 'code.wrong')
    assert.deepEqual(await journey.ports.factors.list(journey.pool.id, sub), [])
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'recovery-codes' })
    assert.deepEqual(await journey.post({ saved: 'on' }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd', 'sms', 'otp', 'mfa'])
    const [factor] = await journey.ports.factors.list(journey.pool.id, sub)
    assert.deepEqual([factor?.kind, factor?.address], ['sms', PHONE])
  })

  it('takes no code that went to another number', async () => {
    const journey = await enrolling()
    await journey.post({ phone_number: PHONE })
    const code = journey.code()
    await journey.post({ _intent: 'change-destination' })
    assert.deepEqual(await journey.post({ phone_number: '+4989654321' }), { kind: 'step', step: 'enrol-contact-code' })
    await journey.post({ code })
    assert.equal((await failureOf(journey))?.message, 'code.wrong')
  })

  it('sends five codes an hour to one number, from wherever they are asked for', async () => {
    const journey = await enrolling()
    for (let n = 0; n < 8; n++) {
      await journey.post({ phone_number: PHONE })
      journey.wait(121)
      await journey.post({ _intent: 'change-destination' })
    }
    assert.equal(journey.sent().length, 5)
  })

  it('sends twenty an hour for one network, whoever they are for', async () => {
    const journey = await enrolling()
    for (let n = 0; n < 30; n++) {
      await journey.post({ phone_number: `+4930${100_000 + n}` })
      await journey.post({ _intent: 'change-destination' })
    }
    assert.equal(journey.sent().length, 20)
    const because = journey.written.events
      .filter(({ type }) => type === 'limit.reached')
      .map(({ detail }) => detail.limit)
    assert.deepEqual(new Set(because), new Set(['network']))
  })

  it('happens once for fifty who send the code at once, in each of 50 rounds', async () => {
    for (let round = 0; round < 50; round++) {
      const journey = await enrolling()
      await journey.post({ phone_number: PHONE })
      const code = journey.code()
      await Promise.all(Array.from({ length: 50 }, () => journey.post({ code })))
      const made = journey.written.events.filter(({ type }) => type === 'factor.enrolled').length
      assert.equal(made, 1, `round ${round}`)
    }
  })
})
