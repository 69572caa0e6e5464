import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepAt } from '#core/factors/index.ts'
import type { FlowState } from '#core/flows/flow.ts'
import { aFlowRequest, aProof, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

// What a thief holds who began before the owner did something about it: a password, a session, a mailbox of before.

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const sub = ann().sub ?? ''
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const nothing = { events: [] }

const giveApp = ({ ports, pool }: Journey) =>
  ports.factors.enrol(
    {
      poolId: pool.id,
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
const kindsOf = async ({ ports, pool }: Journey) => (await ports.factors.list(pool.id, sub)).map(({ kind }) => kind)
const moveTo = (journey: Journey, email: string) =>
  journey.users.update(
    journey.pool.id,
    sub,
    { attributes: { email, email_verified: true }, names: [{ kind: 'email', value: email }], at: secondsLater(60) },
    nothing,
  )
const setUp = (options: JourneyOptions = {}) => aJourney({ people: [ann()], ...options })

describe('a journey that waits to set up a factor', () => {
  const pool: JourneyOptions['pool'] = { mfa: 'required', factors: { allowed: ['totp', 'sms', 'passkey'] } }

  it('sets up none once the owner has one: it asks for that instead (attack 51)', async () => {
    for (const kind of ['sms', 'totp', 'passkey']) {
      const thief = await setUp({ pool })
      assert.deepEqual(await thief.post(right), { kind: 'step', step: 'enrol-factor' })
      if (kind !== 'sms') await thief.post({ kind })
      await giveApp(thief)
      thief.wait(60)
      const form = { kind, code: thief.ports.apps.codeAt(SECRET, stepAt(secondsLater(60))), credential: '{}' }
      assert.deepEqual(await thief.post(form), { kind: 'step', step: 'totp' }, kind)
      assert.deepEqual(await kindsOf(thief), ['totp'])
    }
  })

  it('turns none on by a code that was on its way', async () => {
    const thief = await setUp({ pool })
    await thief.post(right)
    await thief.post({ kind: 'sms' })
    await thief.post({ phone_number: '+4930123456' })
    await giveApp(thief)
    assert.deepEqual(await thief.post({ code: thief.code() }), { kind: 'step', step: 'totp' })
    assert.deepEqual(await kindsOf(thief), ['totp'])
  })

  it('asks who is there again where it was begun by a proof that is stale by now', async () => {
    const journey = await setUp({
      pool: { mfa: 'optional' },
      state: { request: aFlowRequest({ screen: 'enrol-totp' }) },
    })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'enrol-totp' })
    journey.wait(601)
    const { enrolment } = (await journey.flow()).state
    const secret = enrolment?.kind === 'totp' ? enrolment.secret : ''
    const code = journey.ports.apps.codeAt(secret, stepAt(secondsLater(601)))
    assert.deepEqual(await journey.post({ code }), { kind: 'step', step: 'sign-in' })
    assert.deepEqual(await kindsOf(journey), [])
  })
})

describe('a session alone', () => {
  it('cannot ask to replace a factor, however old its password is (attack 51)', async () => {
    const anHourAgo = NOON.getTime() - 3_600_000
    const state: Partial<FlowState> = {
      proofs: [{ method: 'password', at: anHourAgo }],
      buildsOnSession: true,
      challenge: { sub, reason: 'app', factorId: 'totp', mayEnrol: false },
    }
    const thief = await setUp({ pool: { mfa: 'optional', factors: { lost: { waitingDays: 1 } } }, step: 'totp', state })
    await giveApp(thief)
    await thief.post({ _intent: 'lost' })
    await thief.post({ _intent: 'wait' })
    assert.deepEqual(
      thief.written.events.filter(({ type }) => type === 'factor_recovery.requested'),
      [],
    )
    await thief.post({ _intent: 'replace' })
    assert.deepEqual(await kindsOf(thief), ['totp'])
  })
})

describe('a password that was replaced', () => {
  const replace = (journey: Journey) =>
    journey.users.setPassword(
      journey.pool.id,
      sub,
      {
        password: { hash: 'another', isTemporary: false, expiresAt: null, changedAt: secondsLater(60) },
        status: 'CONFIRMED',
        historySize: 0,
        at: secondsLater(60),
      },
      nothing,
    )

  it('does not go on in a journey that was left open: not to a factor, nor to setting one up (attack 25)', async () => {
    for (const mfa of ['optional', 'required'] as const) {
      const thief = await setUp({ pool: { mfa } })
      if (mfa === 'optional') await giveApp(thief)
      await thief.post(right)
      await replace(thief)
      thief.wait(90)
      const form = { kind: 'totp', code: thief.ports.apps.codeAt(SECRET, stepAt(secondsLater(90))) }
      assert.deepEqual(await thief.post(form), { kind: 'step', step: 'sign-in' }, mfa)
    }
  })
})

describe('everything that was ended', () => {
  it('takes the page that changes a password with it', async () => {
    const proof = aProof(sub, { isFromSession: true })
    const thief = await setUp({ step: 'change-password', state: { proof, proofs: proof.proofs } })
    await thief.users.update(
      thief.pool.id,
      sub,
      { sessionsValidAfter: secondsLater(60), at: secondsLater(60) },
      nothing,
    )
    const form = { current: GOOD_PASSWORD, password: 'the-thief-chose-it' }
    assert.deepEqual(await thief.post(form), { kind: 'step', step: 'sign-in' })
    const found = await thief.users.findBySub(thief.pool.id, sub)
    assert.deepEqual(found?.password?.changedAt, NOON)
  })
})

describe('the offer of a passkey', () => {
  const offers: JourneyOptions = {
    pool: {
      mfa: 'optional',
      firstFactors: ['password', 'passkey'],
      factors: { allowed: ['totp'] },
      signInLayout: 'combined',
    },
  }
  const come = { ...right, _passkeys: 'yes' }

  it('is not made on a remembered browser, where the password alone was shown (attack 51)', async () => {
    const journey = await setUp(offers)
    await giveApp(journey)
    const judged = {
      sub,
      effect: 'allow',
      notify: false,
      risk: null,
      place: null,
      deviceId: 'device',
      isRemembered: true,
      reference: '',
    } as const
    const thief = await journey.another({ state: { judged } })
    assert.deepEqual(await thief.post(come), { kind: 'done' })
  })

  it('is not taken once the owner has set up a factor', async () => {
    const thief = await setUp(offers)
    assert.deepEqual(await thief.post(come), { kind: 'step', step: 'offer-passkey' })
    await giveApp(thief)
    assert.deepEqual(await thief.post({ credential: '{}' }), { kind: 'done' })
    assert.deepEqual(await kindsOf(thief), ['totp'])
  })
})

describe('a code that went to a former address', () => {
  it('sets no password, in whichever journey it is typed (attack 54)', async () => {
    for (const inAnother of [false, true]) {
      const journey = await setUp({ step: 'forgot-password' })
      await journey.post({ username: 'ann@example.com' })
      const code = journey.code()
      await moveTo(journey, 'ann@example.org')
      const thief = inAnother ? await journey.another({ step: 'forgot-password' }) : journey
      if (inAnother) await thief.post({ username: 'ann@example.org' })
      await thief.post({ code })
      await thief.post({ password: 'the-thief-chose-it' })
      const found = await journey.users.findBySub(journey.pool.id, sub)
      assert.equal(found?.password?.changedAt.getTime(), NOON.getTime())
      assert.notEqual((await thief.flow()).step, 'sign-in')
    }
  })

  it('sets no password where the address changed after the code was right', async () => {
    const thief = await setUp({ step: 'forgot-password' })
    await thief.post({ username: 'ann@example.com' })
    assert.deepEqual(await thief.post({ code: thief.code() }), { kind: 'step', step: 'reset-password' })
    await moveTo(thief, 'ann@example.org')
    assert.deepEqual(await thief.post({ password: 'the-thief-chose-it' }), { kind: 'step', step: 'forgot-password' })
  })

  it('signs nobody in', async () => {
    const thief = await setUp({ pool: { firstFactors: ['email-code'] } })
    await thief.post({ username: 'ann@example.com' })
    const code = thief.code()
    await moveTo(thief, 'ann@example.org')
    assert.deepEqual(await thief.post({ code }), { kind: 'step', step: 'sign-in' })
    assert.equal((await thief.flow()).state.proof, null)
  })
})
