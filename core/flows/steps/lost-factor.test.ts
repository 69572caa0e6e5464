import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepAt } from '#core/factors/index.ts'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'
import { lostFactorView, recoveryBehind, stopByLink } from '../lost-factor.ts'

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const DAY = 86_400
const nothing = { events: [] }
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const context = { requestId: 'request', ip: null, userAgent: null }

type Page = Pick<Journey, 'flow' | 'post'>

const enrol = (journey: Journey, sub: string) =>
  journey.ports.factors.enrol(
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

const setUp = async (options: JourneyOptions = {}) => {
  const people = options.people ?? [ann({ attributes: { email: 'ann@example.com', email_verified: true } })]
  const factors = { lost: { waitingDays: 3 }, ...options.pool?.factors }
  const journey = await aJourney({ ...options, people, pool: { mfa: 'required', ...options.pool, factors } })
  const sub = (await journey.users.findByName(journey.pool.id, 'ann@example.com'))?.user.sub ?? ''
  await enrol(journey, sub)
  const atThePage = async (): Promise<Page> => {
    const page = await journey.another()
    await page.post(right)
    await page.post({ _intent: 'lost' })
    return page
  }
  const factorsLeft = async () => (await journey.ports.factors.list(journey.pool.id, sub)).length
  const types = () => journey.written.events.map(({ type }) => type).filter((type) => type.startsWith('factor_rec'))
  const link = () => journey.sent().findLast(({ purpose }) => purpose === 'factor-recovery')?.link ?? ''
  const token = () => new URL(link()).searchParams.get('token') ?? ''
  return { journey, sub, atThePage, factorsLeft, types, token }
}

describe('somebody who lost every factor', () => {
  it('sees the ways that the pool has, and no waiting where nobody could object', async () => {
    const { journey, sub, atThePage } = await setUp()
    const page = await atThePage()
    const flow = await page.flow()
    assert.equal(flow.step, 'lost-factor')
    const shown = async (pool = journey.pool) => {
      const person = await journey.users.findBySub(pool.id, sub)
      assert.ok(person)
      return lostFactorView(journey.ports, { flow, pool, person: person.user })
    }
    assert.deepEqual(await shown(), { owner: '', waitingDays: 3, readyAt: null, isReady: false })
    await journey.users.update(
      journey.pool.id,
      sub,
      { attributes: { email: 'ann@example.com', email_verified: false }, at: NOON },
      nothing,
    )
    assert.equal((await shown()).waitingDays, 0)
  })

  it('cannot wait where the pool does not have it, and is signed in by nothing on the page', async () => {
    const { atThePage, types } = await setUp({ pool: { factors: { lost: { waitingDays: 0 } } } })
    const page = await atThePage()
    for (const form of [{}, { _intent: 'wait' }, { _intent: 'replace' }])
      assert.deepEqual(await page.post(form), { kind: 'step', step: 'lost-factor' })
    assert.equal((await page.flow()).state.proof, null)
    assert.deepEqual(types(), [])
  })

  it('asks once: every proven address is told, with a link; asking again changes nothing', async () => {
    const attributes = {
      email: 'ann@example.com',
      email_verified: true,
      phone_number: '+4915112345678',
      phone_number_verified: true,
    }
    const { journey, atThePage, types } = await setUp({ people: [ann({ attributes })] })
    const page = await atThePage()
    await page.post({ _intent: 'wait' })
    journey.wait(DAY)
    await (await atThePage()).post({ _intent: 'wait' })
    const told = journey.sent().filter(({ purpose }) => purpose === 'factor-recovery')
    assert.deepEqual(told.map(({ to }) => to).toSorted(), ['+4915112345678', 'ann@example.com'])
    assert.match(told[0]?.link ?? '', /\/factorRecovery\?token=[\w-]{43}$/)
    assert.deepEqual(types(), ['factor_recovery.requested'])
  })

  it('replaces the factor with the password alone when the time has come, and sets up another before anything else', async () => {
    const { journey, atThePage, factorsLeft, types } = await setUp()
    await (await atThePage()).post({ _intent: 'wait' })
    journey.wait(3 * DAY)
    const page = await atThePage()
    assert.deepEqual(await page.post({ _intent: 'replace' }), { kind: 'step', step: 'enrol-factor' })
    assert.equal((await page.flow()).state.proof, null)
    assert.equal(await factorsLeft(), 0)
    assert.deepEqual(types(), ['factor_recovery.requested', 'factor_recovery.completed'])
    assert.equal(journey.sent().at(-1)?.purpose, 'factors-reset')
  })

  it('is too early before that, and too late a week after', async () => {
    const { journey, atThePage, factorsLeft } = await setUp()
    await (await atThePage()).post({ _intent: 'wait' })
    for (const seconds of [3 * DAY - 1, 7 * DAY + 1]) {
      journey.wait(seconds)
      assert.deepEqual(await (await atThePage()).post({ _intent: 'replace' }), { kind: 'step', step: 'lost-factor' })
    }
    assert.equal(await factorsLeft(), 1)
  })

  it('is stopped by the link, once, and by the link alone', async () => {
    const { journey, sub, atThePage, factorsLeft, types, token } = await setUp()
    await (await atThePage()).post({ _intent: 'wait' })
    const stop = (given: string) => stopByLink(journey.ports)(journey.pool, given, context)
    assert.equal((await stop('another-token')).ok, false)
    const behind = await recoveryBehind(journey.ports)(journey.pool, token())
    assert.equal(behind.ok && behind.value.sub, sub)
    assert.deepEqual([(await stop(token())).ok, (await stop(token())).ok], [true, false])
    journey.wait(3 * DAY)
    await (await atThePage()).post({ _intent: 'replace' })
    assert.equal(await factorsLeft(), 1)
    assert.deepEqual(types(), ['factor_recovery.requested', 'factor_recovery.cancelled'])
  })

  it('is stopped by a sign-in with the factor that was said to be lost', async () => {
    const { journey, atThePage, factorsLeft, types } = await setUp()
    await (await atThePage()).post({ _intent: 'wait' })
    const owner = await journey.another()
    await owner.post(right)
    assert.deepEqual(await owner.post({ code: journey.ports.apps.codeAt(SECRET, stepAt(NOON)) }), { kind: 'done' })
    journey.wait(3 * DAY)
    await (await atThePage()).post({ _intent: 'replace' })
    assert.equal(await factorsLeft(), 1)
    assert.deepEqual(types(), ['factor_recovery.requested', 'factor_recovery.cancelled'])
  })

  it('begins to wait anew when the password was changed meanwhile', async () => {
    const { journey, sub, atThePage, factorsLeft } = await setUp()
    await (await atThePage()).post({ _intent: 'wait' })
    const found = await journey.users.findBySub(journey.pool.id, sub)
    const password = {
      hash: found?.password?.hash ?? '',
      isTemporary: false,
      expiresAt: null,
      changedAt: secondsLater(60),
    }
    const set = { password, status: 'CONFIRMED' as const, historySize: 0, at: secondsLater(60) }
    await journey.users.setPassword(journey.pool.id, sub, set, nothing)
    journey.wait(3 * DAY)
    const page = await atThePage()
    await page.post({ _intent: 'replace' })
    assert.equal(await factorsLeft(), 1)
    await page.post({ _intent: 'wait' })
    journey.wait(3 * DAY)
    await (await atThePage()).post({ _intent: 'replace' })
    assert.equal(await factorsLeft(), 0)
  })

  it('replaces it once, however many windows press the button at the same moment', async () => {
    const { journey, atThePage, types } = await setUp()
    await (await atThePage()).post({ _intent: 'wait' })
    journey.wait(3 * DAY)
    const pages = await Promise.all(Array.from({ length: 20 }, atThePage))
    await Promise.all(pages.map((page) => page.post({ _intent: 'replace' })))
    assert.equal(types().filter((type) => type === 'factor_recovery.completed').length, 1)
  })

  it('does not touch another person’s factors, nor act for an account that was disabled or signed out everywhere', async () => {
    const bo = { attributes: { email: 'bo@example.com', email_verified: true } }
    const { journey, sub, atThePage, factorsLeft } = await setUp({ people: [ann(), bo] })
    const boSub = (await journey.users.findByName(journey.pool.id, 'bo@example.com'))?.user.sub ?? ''
    await enrol(journey, boSub)
    await (await atThePage()).post({ _intent: 'wait' })
    journey.wait(3 * DAY)
    const stranger = await journey.another()
    await stranger.post({ ...right, username: 'bo@example.com' })
    await stranger.post({ _intent: 'lost' })
    await stranger.post({ _intent: 'replace' })
    assert.equal((await journey.ports.factors.list(journey.pool.id, boSub)).length, 1)
    for (const change of [{ enabled: false }, { enabled: true, sessionsValidAfter: secondsLater(3 * DAY + 1) }]) {
      await journey.users.update(journey.pool.id, sub, { enabled: true, at: NOON }, nothing)
      const page = await atThePage()
      await journey.users.update(journey.pool.id, sub, { ...change, at: NOON }, nothing)
      assert.deepEqual(await page.post({ _intent: 'replace' }), { kind: 'step', step: 'sign-in' })
    }
    assert.equal(await factorsLeft(), 1)
  })

  it('sends no more than any other message may be sent', async () => {
    const { journey, atThePage, token } = await setUp()
    for (let n = 0; n < 5; n++) {
      await (await atThePage()).post({ _intent: 'wait' })
      await stopByLink(journey.ports)(journey.pool, token(), context)
    }
    const page = await atThePage()
    await page.post({ _intent: 'wait' })
    assert.equal((await page.flow()).state.failure?.message, 'request.throttled')
    assert.equal(journey.sent().filter(({ purpose }) => purpose === 'factor-recovery').length, 5)
  })
})
