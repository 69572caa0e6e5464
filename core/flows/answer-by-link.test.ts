import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerByLink, finishFlow, questionBehind } from '#core/flows/index.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { RequestContext } from '#core/shared/ports.ts'
import type { Result } from '#core/shared/result.ts'
import { signOutOwnDevices } from '#core/users/index.ts'
import { aPool, NOON } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type PersonToSeed } from '#tests/support/journey.ts'
import { memoryEventHistory } from '#tests/support/memory/events.ts'
import { memoryFeedback } from '#tests/support/memory/risk.ts'
import { aProfile } from '#tests/support/risk-facts.ts'

const SUB = ann().sub ?? ''
const WEEK_SECONDS = 7 * 24 * 3600
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const context: RequestContext = { requestId: 'answer', ip: '84.140.7.9', userAgent: null }
/** A program in another country. */
const ABROAD: RequestContext = { requestId: 'request', ip: '203.0.113.7', userAgent: 'python-requests/2.31' }

const enforced: PoolSettingsInput = { mfa: 'optional', threatProtection: { mode: 'enforce' } }
/** Lets everybody through, and asks. */
const asking: PoolSettingsInput = {
  threatProtection: {
    mode: 'enforce',
    actions: { medium: { action: 'allow', notify: true }, high: { action: 'allow', notify: true } },
  },
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)

const setUp = async (settings: PoolSettingsInput, person: PersonToSeed = ann()) => {
  const journey = await aJourney({ people: [person], pool: settings })
  const { ports, pool, written } = journey
  await ports.profiles.save(pool.id, SUB, aProfile(), 0, NOON)
  const answering = {
    ...ports,
    history: memoryEventHistory(written),
    feedback: memoryFeedback(written),
    signOut: signOutOwnDevices(ports),
  }
  const questions = () =>
    journey.sent().filter(({ purpose }) => purpose === 'new-sign-in' || purpose === 'blocked-sign-in')
  const token = () => new URL(questions().at(-1)?.link ?? '').searchParams.get('token') ?? ''
  return {
    journey,
    ...journey,
    questions,
    token,
    look: (presented = token(), where = pool) => questionBehind(answering)(where, presented),
    answer: (value: 'valid' | 'invalid', presented = token(), where = pool) =>
      answerByLink(answering)({ pool: where, token: presented, value, context }),
    validAfter: async () => (await ports.users.findBySub(pool.id, SUB))?.user.sessionsValidAfter,
  }
}

const complete = async ({ ports, pool, client, flow }: Journey) =>
  finishFlow({ ...ports, settle: ports, question: ports, clients: { find: async () => client } })({
    pool,
    flow: await flow(),
    context: ABROAD,
    prepare: async () => null,
  })

describe('the question about a sign-in', () => {
  it('goes to the owner of an account when a sign-in was stopped, bound to the event of that attempt', async () => {
    const { post, questions, look, written } = await setUp(enforced)
    assert.deepEqual(await post(right, 'sign-in', ABROAD), { kind: 'step', step: 'blocked' })
    assert.deepEqual(
      questions().map(({ purpose, to }) => [purpose, to]),
      [['blocked-sign-in', 'ann@example.com']],
    )
    const asked = await look()
    assert.ok(asked.ok)
    const event = written.events.find(({ reason }) => reason === 'risk-blocked')
    assert.deepEqual([asked.value.sub, asked.value.signIn.id], [SUB, event?.id])
  })

  it('goes out with the completed sign-in, not with one that is never completed, and once', async () => {
    const { journey, post, questions, look } = await setUp(asking)
    assert.deepEqual(await post(right, 'sign-in', ABROAD), { kind: 'done' })
    assert.deepEqual(questions(), [])
    const eventId = (await journey.flow()).state.eventId
    const ended = await Promise.all([complete(journey), complete(journey)])
    assert.equal(ended.filter(({ ok }) => ok).length, 1)
    assert.deepEqual(
      questions().map(({ purpose }) => purpose),
      ['new-sign-in'],
    )
    const asked = await look()
    assert.equal(asked.ok && asked.value.signIn.id, eventId)
  })

  it('is asked of nobody while the pool only looks on, and of nobody without a mail address', async () => {
    const cases: [PoolSettingsInput, PersonToSeed][] = [
      [{ threatProtection: { mode: 'audit' } }, ann()],
      [{ ...enforced, signInNames: ['username'] }, ann({ username: 'ann@example.com', attributes: {} })],
    ]
    for (const [settings, person] of cases) {
      const { post, questions } = await setUp(settings, person)
      await post(right, 'sign-in', ABROAD)
      assert.deepEqual(questions(), [])
    }
  })

  it('fills no mailbox: five in an hour', async () => {
    const { journey, questions } = await setUp(enforced)
    for (let n = 0; n < 7; n++) {
      const { post } = await journey.another()
      assert.deepEqual(await post(right, 'sign-in', ABROAD), { kind: 'step', step: 'blocked' })
    }
    assert.equal(questions().length, 5)
  })
})

describe('the link of the question', () => {
  const stopped = async (person?: PersonToSeed) => {
    const made = await setUp(enforced, person)
    await made.post(right, 'sign-in', ABROAD)
    return made
  }

  it('is none for a token nobody was sent, for another shape, and in another pool', async () => {
    const { look, answer, token, validAfter } = await stopped()
    for (const presented of ['', 'x', 'A'.repeat(43), `${token()}A`, 'A'.repeat(100_000)]) {
      assert.equal(codeOf(await look(presented)), 'link-unusable')
      assert.equal(codeOf(await answer('invalid', presented)), 'link-unusable')
    }
    assert.equal(codeOf(await answer('invalid', token(), aPool())), 'link-unusable')
    assert.deepEqual(await validAfter(), NOON)
  })

  it('is none where it was made for something else', async () => {
    const { ports, pool, look, answer, token } = await stopped()
    const { findByLink } = ports.codes
    ports.codes.findByLink = async (...given) => {
      const code = await findByLink(...given)
      return code && { ...code, purpose: 'recovery' }
    }
    assert.equal(codeOf(await look()), 'link-unusable')
    assert.equal(codeOf(await answer('invalid', token(), pool)), 'link-unusable')
  })

  it('changes nothing by being looked at', async () => {
    const { look, answer, validAfter } = await stopped()
    for (let n = 0; n < 3; n++) assert.equal(codeOf(await look()), 'ok')
    assert.deepEqual(await validAfter(), NOON)
    assert.equal(codeOf(await answer('valid')), 'ok')
  })

  it('is heard once: the second tab is told that it was answered', async () => {
    const { look, answer } = await stopped()
    const both = await Promise.all([answer('invalid'), answer('valid')])
    assert.deepEqual(both.map(codeOf).toSorted(), ['ok', 'sign-in-answered'])
    assert.equal(codeOf(await look()), 'sign-in-answered')
    assert.equal(codeOf(await answer('invalid')), 'sign-in-answered')
  })

  it('is over after seven days', async () => {
    const { journey, look, answer, token, validAfter } = await stopped()
    const presented = token()
    journey.wait(WEEK_SECONDS - 1)
    assert.equal(codeOf(await look(presented)), 'ok')
    journey.wait(1)
    assert.equal(codeOf(await look(presented)), 'code-expired')
    assert.equal(codeOf(await answer('invalid', presented)), 'code-expired')
    assert.deepEqual(await validAfter(), NOON)
  })

  it('is none for who was deleted since', async () => {
    const { users, pool, look, answer } = await stopped()
    await users.delete(pool.id, SUB, { events: [] })
    assert.equal(codeOf(await look()), 'link-unusable')
    assert.equal(codeOf(await answer('invalid')), 'link-unusable')
  })

  it('ends every session with a no, and none with a yes', async () => {
    for (const [value, isOut] of [
      ['invalid', true],
      ['valid', false],
    ] as const) {
      const { journey, answer, validAfter } = await stopped()
      journey.wait(60)
      assert.equal(codeOf(await answer(value)), 'ok')
      assert.equal((await validAfter())?.getTime() !== NOON.getTime(), isOut)
    }
  })
})
