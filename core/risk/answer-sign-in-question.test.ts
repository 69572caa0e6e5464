import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail, ok } from '#core/shared/result.ts'
import { anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { memoryEventHistory } from '#tests/support/memory/events.ts'
import { memoryDevices } from '#tests/support/memory/factors.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memoryFeedback, memoryProfiles } from '#tests/support/memory/risk.ts'
import { aProfile } from '#tests/support/risk-facts.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { answerSignInQuestion, type SignInAnswer } from './answer-sign-in-question.ts'
import { readProfile } from './profile.ts'

const context = { requestId: 'request', ip: '203.0.113.9', userAgent: 'a phone' }

const setUp = async ({ isGone = false, deviceId = null as string | null } = {}) => {
  const poolId = aPoolId()
  const book = ledger()
  const signIn = anEvent(poolId, 'sign_in', {
    sub: 'ann',
    clientId: 'shop',
    ip: '198.51.100.7',
    deviceId,
    place: { country: 'NO', city: null },
  })
  const other = anEvent(poolId, 'password.changed', { sub: 'ann' })
  book.add({ events: [signIn, other] })
  const devices = memoryDevices(book)
  const profiles = memoryProfiles(book)
  await profiles.save(poolId, 'ann', aProfile(), 0, NOON)
  for (const id of [signIn.id, 'her-own'])
    await devices.seen(
      {
        poolId,
        sub: 'ann',
        id,
        tokenHash: id,
        name: 'a browser',
        rememberedUntil: secondsLater(86_400),
        firstSeenAt: NOON,
        lastSeenAt: NOON,
        lastIp: null,
        lastPlace: null,
      },
      { events: [] },
    )
  const signedOut: string[] = []
  const told: string[] = []
  const ports = {
    history: memoryEventHistory(book),
    feedback: memoryFeedback(book),
    profiles,
    devices,
    async signOut({ sub }: { sub: string }) {
      if (isGone) return fail('user-missing')
      signedOut.push(sub)
      return ok(undefined)
    },
    riskWatch: { answered: (value: string, by: string) => void told.push(`${value} by ${by}`) },
    random: seededRandom(1),
    clock: { now: () => secondsLater(60) },
  }
  const answer = (more: Partial<SignInAnswer> = {}) =>
    answerSignInQuestion(ports)({
      poolId,
      sub: 'ann',
      eventId: signIn.id,
      value: 'invalid',
      administrator: null,
      context,
      ...more,
    })
  const caution = async () => readProfile((await profiles.find(poolId, 'ann'))?.profile).caution.points
  const deviceIds = async () => (await devices.list(poolId, 'ann')).map(({ id }) => id).toSorted()
  const written = () => book.events.slice(2).map(({ type, detail }) => ({ type, detail }))
  return { poolId, signIn, other, ports, answer, caution, deviceIds, written, signedOut, told }
}

const code = (result: Awaited<ReturnType<ReturnType<typeof answerSignInQuestion>>>) =>
  result.ok ? 'ok' : result.failure.code

describe('an answer to “was this you?”', () => {
  it('is refused for what is no sign-in, nobody’s, somebody else’s, or of another pool, and changes nothing', async () => {
    const { answer, other, signedOut, written, deviceIds } = await setUp()
    for (const wrong of [
      { eventId: 'no id' },
      { eventId: '01970000-0000-7000-8000-000000000000' },
      { eventId: other.id },
      { sub: 'bo' },
      { poolId: aPoolId() },
    ])
      assert.equal(code(await answer(wrong)), 'sign-in-missing')
    assert.deepEqual([signedOut, written(), (await deviceIds()).length], [[], [], 2])
  })

  it('is heard once, whatever it says', async () => {
    const { answer, told, caution } = await setUp()
    assert.equal(code(await answer({ value: 'valid' })), 'ok')
    const after = await caution()
    for (const value of ['valid', 'invalid'] as const) assert.equal(code(await answer({ value })), 'sign-in-answered')
    assert.deepEqual([told, await caution()], [['valid by person'], after])
  })

  it('is heard once when a yes and many noes come at once', async () => {
    const { answer, told } = await setUp()
    const values = ['valid', ...Array.from({ length: 19 }, () => 'invalid')] as const
    const answers = await Promise.all(values.map((value) => answer({ value: value as 'valid' | 'invalid' })))
    assert.equal(answers.filter(({ ok }) => ok).length, 1)
    assert.equal(told.length, 1)
  })

  it('is refused for who is gone, and is still to be given then', async () => {
    const { answer, written } = await setUp({ isGone: true })
    assert.equal(code(await answer()), 'user-missing')
    assert.deepEqual(written(), [])
  })

  it('yes: nobody is signed out, the profile grows milder', async () => {
    const { answer, caution, signedOut, deviceIds, written, signIn } = await setUp()
    assert.equal(code(await answer({ value: 'valid' })), 'ok')
    assert.deepEqual([signedOut, (await deviceIds()).length, await caution()], [[], 2, -0.5])
    assert.deepEqual(written(), [
      { type: 'sign_in.judged', detail: { signIn: signIn.id, value: 'valid', by: 'person' } },
    ])
  })

  it('no: everybody is signed out, that browser is forgotten and no other, the profile grows stricter', async () => {
    const { answer, caution, signedOut, deviceIds, written, signIn } = await setUp()
    assert.equal(code(await answer()), 'ok')
    assert.deepEqual([signedOut, await deviceIds(), await caution()], [['ann'], ['her-own'], 1])
    assert.deepEqual(
      written().map(({ type }) => type),
      ['device.forgotten', 'sign_in.judged'],
    )
    assert.deepEqual(written().at(-1)?.detail, { signIn: signIn.id, value: 'invalid', by: 'person' })
  })

  it('no: a browser that was known before is forgotten too', async () => {
    const { answer, deviceIds, signIn } = await setUp({ deviceId: 'her-own' })
    await answer()
    assert.deepEqual(await deviceIds(), [signIn.id])
  })

  it('carries the name of the administrator who gave it', async () => {
    const { answer, written, told } = await setUp()
    await answer({ administrator: 'ops', context: null })
    assert.equal(written().at(-1)?.detail.by, 'ops')
    assert.deepEqual(told, ['invalid by administrator'])
  })

  it('stands although the profile was being written by others, and is learnt on the next try', async () => {
    const { ports, answer, caution } = await setUp()
    const { save } = ports.profiles
    let lost = 0
    ports.profiles.save = async (...given) => {
      if (lost++ < 2) return false
      return save(...given)
    }
    assert.equal(code(await answer()), 'ok')
    assert.equal(await caution(), 1)
    ports.profiles.save = async () => false
    assert.equal(code(await answer()), 'sign-in-answered')
  })
})
