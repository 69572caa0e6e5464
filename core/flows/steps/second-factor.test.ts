import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepAt } from '#core/factors/index.ts'
import { aFlowRequest, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const nothing = { events: [] }
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }

const withApp = async (journey: Journey): Promise<string> => {
  const person = await journey.users.findByName(journey.pool.id, 'ann@example.com')
  const sub = person?.user.sub ?? ''
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
  return sub
}

const setUp = async (options: JourneyOptions = {}) => {
  const journey = await aJourney({ people: [ann()], ...options, pool: { mfa: 'optional', ...options.pool } })
  const sub = await withApp(journey)
  const codeAt = (seconds: number) => journey.ports.apps.codeAt(SECRET, stepAt(secondsLater(seconds)))
  const failure = async () => (await journey.flow()).state.failure
  return { journey, sub, codeAt, failure }
}

const wrongOf = (code: string): string => (code === '000000' ? '000001' : '000000')

describe('the second factor of somebody with an authenticator app', () => {
  it('is asked for after the right password, and nobody is signed in before it', async () => {
    const { journey } = await setUp()
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'totp' })
    const { state } = await journey.flow()
    assert.equal(state.proof, null)
    assert.equal(state.challenge?.reason, 'person')
  })

  it('is chosen by who has several, and asked for at once by the one they prefer', async () => {
    for (const [preferred, step] of [
      [null, 'choose-factor'],
      ['totp', 'totp'],
      ['email', 'factor-code'],
      ['sms', 'choose-factor'],
    ] as const) {
      const { journey, sub } = await setUp({
        people: [ann({ preferredFactor: preferred })],
        pool: { factors: { allowed: ['totp', 'email'] } },
      })
      const key = { poolId: journey.pool.id, sub, id: 'email', kind: 'email', name: null, credentialId: null } as const
      await journey.ports.factors.enrol(
        { ...key, address: 'ann@example.com', passkey: null, counter: 0, createdAt: NOON, secret: null },
        nothing,
      )
      assert.deepEqual(await journey.post(right), { kind: 'step', step }, String(preferred))
    }
  })

  it('is not asked for, nor is anything told of it, after a wrong password', async () => {
    const { journey } = await setUp()
    assert.deepEqual(await journey.post({ ...right, password: 'wrong-wrong-wrong' }), { kind: 'step', step: 'sign-in' })
    assert.equal((await journey.flow()).state.challenge, null)
  })

  it('signs in with the code of now, and the proof names both', async () => {
    const { journey, codeAt } = await setUp()
    await journey.post(right)
    assert.deepEqual(await journey.post({ code: codeAt(0) }), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.deepEqual(proof?.amr, ['pwd', 'otp', 'mfa'])
    assert.equal(proof?.acr, 'urn:portico:acr:multi-factor')
    assert.equal(proof?.authenticatedAt, NOON.getTime())
  })

  it('refuses an empty form, a wrong code, one of another time, and one that was used', async () => {
    const { journey, codeAt, failure } = await setUp()
    await journey.post(right)
    for (const [code, message] of [
      ['', 'code.empty'],
      ['12', 'code.short'],
      [wrongOf(codeAt(0)), 'mfa.codeWrong'],
      [codeAt(300), 'mfa.clock'],
    ] as const) {
      await journey.post({ code })
      assert.equal((await failure())?.message, message)
    }
    assert.deepEqual(await journey.post({ code: codeAt(0) }), { kind: 'done' })
    const again = await journey.another()
    await again.post(right)
    await again.post({ code: codeAt(0) })
    assert.equal((await again.flow()).state.failure?.message, 'mfa.codeUsed')
  })

  it('takes one of fifty who send the same code at once, in each of 50 rounds', async () => {
    const { journey, codeAt } = await setUp()
    for (let round = 0; round < 50; round++) {
      const journeys = await Promise.all(Array.from({ length: 50 }, () => journey.another()))
      for (const each of journeys) await each.post(right)
      const code = codeAt(round * 900)
      const results = await Promise.all(journeys.map((each) => each.post({ code })))
      assert.equal(results.filter(({ kind }) => kind === 'done').length, 1)
      // The next step, and the next window of the budget.
      journey.wait(900)
    }
  })

  it('counts guesses over all journeys and factors of the person, before it compares', async () => {
    const { journey, codeAt } = await setUp()
    const journeys = await Promise.all(Array.from({ length: 50 }, () => journey.another()))
    for (const each of journeys) await each.post(right)
    await Promise.all(journeys.map((each) => each.post({ code: wrongOf(codeAt(0)) })))
    const messages = await Promise.all(journeys.map(async (each) => (await each.flow()).state.failure?.message))
    assert.equal(messages.filter((message) => message === 'mfa.codeWrong').length, 10)
    assert.equal(messages.filter((message) => message === 'mfa.spent').length, 40)
    const late = await journey.another()
    await late.post(right)
    await late.post({ code: codeAt(0) })
    assert.equal((await late.flow()).state.failure?.message, 'mfa.spent')
  })

  it('starts anew when the account was disabled, deleted or signed out everywhere since the password', async () => {
    for (const change of [
      { enabled: false },
      { status: 'DELETING' as const },
      { sessionsValidAfter: secondsLater(5) },
    ]) {
      const { journey, sub, codeAt } = await setUp()
      await journey.post(right)
      journey.wait(10)
      await journey.users.update(journey.pool.id, sub, { ...change, at: secondsLater(10) }, nothing)
      assert.deepEqual(await journey.post({ code: codeAt(10) }), { kind: 'step', step: 'sign-in' })
      assert.deepEqual((await journey.flow()).state.proofs, [])
    }
  })

  it('is asked for by an app that names the level, and told to it when it cannot be reached', async () => {
    const level = 'urn:portico:acr:phishing-resistant'
    const { journey } = await setUp({ state: { request: aFlowRequest({ level, isLevelEssential: true }) } })
    assert.deepEqual(await journey.post(right), { kind: 'done' })
    assert.equal((await journey.flow()).state.refusal?.error, 'unmet_authentication_requirements')
  })

  it('is as good as can be where an app only wishes for a level that cannot be reached', async () => {
    const level = 'urn:portico:acr:phishing-resistant'
    const { journey, codeAt } = await setUp({ state: { request: aFlowRequest({ level }) } })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'totp' })
    assert.deepEqual(await journey.post({ code: codeAt(0) }), { kind: 'done' })
    const { proof, refusal } = (await journey.flow()).state
    assert.deepEqual([proof?.acr, refusal], ['urn:portico:acr:multi-factor', null])
    const off = await aJourney({ people: [ann()], state: { request: aFlowRequest({ level }) } })
    assert.deepEqual(await off.post(right), { kind: 'done' })
    assert.equal((await off.flow()).state.proof?.acr, 'urn:portico:acr:single-factor')
  })

  it('comes before a temporary password is replaced', async () => {
    const { journey, codeAt } = await setUp({ people: [ann({ status: 'FORCE_CHANGE_PASSWORD' })] })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'totp' })
    assert.deepEqual(await journey.post({ code: codeAt(0) }), { kind: 'step', step: 'new-password' })
    assert.deepEqual(await journey.post({ password: 'another-long-password-of-ann' }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['otp', 'pwd', 'mfa'])
  })

  it('writes down every wrong guess and every use', async () => {
    const { journey, codeAt } = await setUp()
    await journey.post(right)
    await journey.post({ code: wrongOf(codeAt(0)) })
    await journey.post({ code: codeAt(0) })
    const events = journey.written.events.map(({ type, outcome, reason }) => [type, outcome, reason].join(' '))
    assert.ok(events.includes('sign_in.step failure time-code-mismatch'))
    assert.ok(events.includes('factor.used success '))
  })
})

describe('setting up a second factor that the pool requires', () => {
  const required: JourneyOptions = { people: [ann()], pool: { mfa: 'required' } }

  const enrolling = async () => {
    const journey = await aJourney(required)
    await journey.post(right)
    await journey.post({ kind: 'totp' })
    const { enrolment } = (await journey.flow()).state
    const secret = enrolment?.kind === 'totp' ? enrolment.secret : ''
    return { journey, secret, codeAt: (at: number) => journey.ports.apps.codeAt(secret, stepAt(secondsLater(at))) }
  }

  it('is asked of somebody without one, who is not signed in before it is done', async () => {
    const journey = await aJourney(required)
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'enrol-factor' })
    assert.deepEqual(await journey.post({ kind: 'carrier-pigeon' }), { kind: 'step', step: 'enrol-factor' })
    assert.deepEqual(await journey.post({ kind: 'totp' }), { kind: 'step', step: 'enrol-totp' })
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('refuses wrong codes and tells a wrong clock apart; nothing is turned on', async () => {
    const { journey, codeAt } = await enrolling()
    await journey.post({ code: codeAt(200) })
    assert.equal((await journey.flow()).state.failure?.message, 'mfa.clock')
    await journey.post({ code: wrongOf(codeAt(0)) })
    assert.equal((await journey.flow()).state.failure?.message, 'mfa.codeWrong')
    assert.deepEqual(await journey.ports.factors.list(journey.pool.id, ann().sub ?? ''), [])
  })

  it('turns the app on with its first code, shows ten recovery codes once, and signs in', async () => {
    const { journey, codeAt } = await enrolling()
    assert.deepEqual(await journey.post({ code: codeAt(0) }), { kind: 'step', step: 'recovery-codes' })
    const { enrolment } = (await journey.flow()).state
    assert.equal(enrolment?.kind === 'recovery-codes' ? enrolment.codes.length : 0, 10)
    await journey.post({})
    assert.equal((await journey.flow()).state.failure?.message, 'mfa.codesUnsaved')
    assert.deepEqual(await journey.post({ saved: 'on' }), { kind: 'done' })
    const { state } = await journey.flow()
    assert.deepEqual([state.proof?.amr, state.enrolment], [['pwd', 'otp', 'mfa'], null])
  })

  it('uses the first code up: it opens nothing else', async () => {
    const { journey, codeAt } = await enrolling()
    await journey.post({ code: codeAt(0) })
    const again = await journey.another()
    await again.post(right)
    await again.post({ code: codeAt(0) })
    assert.equal((await again.flow()).state.failure?.message, 'mfa.codeUsed')
  })

  it('in two windows keeps one app, and asks the other window for its code', async () => {
    const journey = await aJourney(required)
    const other = await journey.another()
    const secretOf = async (each: Pick<Journey, 'flow'>) => {
      const { enrolment } = (await each.flow()).state
      return enrolment?.kind === 'totp' ? enrolment.secret : ''
    }
    for (const each of [journey, other]) {
      await each.post(right)
      await each.post({ kind: 'totp' })
    }
    const step = stepAt(NOON)
    await journey.post({ code: journey.ports.apps.codeAt(await secretOf(journey), step) })
    const late = await other.post({ code: journey.ports.apps.codeAt(await secretOf(other), step) })
    assert.deepEqual(late, { kind: 'step', step: 'totp' })
    assert.equal((await other.flow()).state.proof, null)
  })

  it('is never offered to somebody who has a factor', async () => {
    const { journey } = await setUp({ pool: { mfa: 'required' } })
    await journey.post(right)
    assert.deepEqual(await journey.post({ kind: 'totp' }, 'enrol-factor'), { kind: 'step', step: 'totp' })
    assert.deepEqual(await journey.post({ saved: 'on' }, 'recovery-codes'), { kind: 'step', step: 'totp' })
  })
})
