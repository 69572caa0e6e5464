import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFlowRequest, aProof } from '#tests/support/builders.ts'
import { corp } from '#tests/support/fake-directory.ts'
import { aFederatedJourney, lastEvent, signedIn } from '#tests/support/federated-journey.ts'
import type { JourneyOptions } from '#tests/support/journey.ts'

const THEIRS = 'theirs-and-right'
const NEXT = 'another-of-theirs'

/** Somebody of the directory on the page that changes a password. */
const atTheChange = async ({ directory = {}, ...options }: JourneyOptions & { directory?: object } = {}) => {
  const journey = await aFederatedJourney({ ...options, providers: [corp({ mayChangePasswords: true, ...directory })] })
  journey.directory.changes = true
  journey.directory.add(['ann@corp.example', 'ann'], THEIRS, { claims: { uid: 'ann', mail: 'ann@corp.example' } })
  await journey.post({ username: 'ann@corp.example', password: THEIRS })
  const sub = (await signedIn(journey)) ?? assert.fail('nobody')
  const state = { request: aFlowRequest({ screen: 'change-password' }), proof: aProof(sub) }
  return { ...journey, ...(await journey.another({ step: 'change-password', state })), sub }
}
const failure = async (journey: Awaited<ReturnType<typeof atTheChange>>) => {
  const shown = (await journey.flow()).state.failure
  return shown === null ? null : [shown.message, shown.field]
}

describe('a password that is a directory’s, changed from here', () => {
  it('needs the present one, and one that the directory takes', async () => {
    const journey = await atTheChange()
    await journey.post({ current: '', password: NEXT })
    assert.deepEqual(await failure(journey), ['password.empty', 'current'])
    await journey.post({ current: 'wrong', password: NEXT })
    assert.deepEqual(await failure(journey), ['signin.failed', 'current'])
    assert.equal(lastEvent(journey, 'password.changed')?.detail.because, 'bind-refused')
    await journey.post({ current: THEIRS, password: '' })
    assert.deepEqual(await failure(journey), ['newpassword.empty', 'password'])
    await journey.post({ current: THEIRS, password: 'short' })
    assert.deepEqual(await failure(journey), ['newpassword.refused', 'password'])
  })

  it('is not tried without end', async () => {
    const journey = await atTheChange()
    const before = journey.directory.asked.length
    for (let n = 0; n < 7; n++) await journey.post({ current: 'wrong', password: NEXT })
    assert.deepEqual(await failure(journey), ['signin.throttled', null])
    assert.equal(journey.directory.asked.length - before, 5)
  })

  it('is changed nowhere else where the settings leave it to the directory', async () => {
    const journey = await atTheChange()
    journey.directory.changes = false
    await journey.post({ current: THEIRS, password: NEXT })
    assert.deepEqual(await failure(journey), ['newpassword.changeRefused', null])
    assert.equal((await journey.users.findBySub(journey.pool.id, journey.sub))?.password, null)
  })

  it('is not changed while the directory is away', async () => {
    const journey = await atTheChange()
    journey.directory.down = { code: 'upstream-unreachable', because: 'not-reached' }
    await journey.post({ current: THEIRS, password: NEXT })
    assert.deepEqual(await failure(journey), ['upstream.unreachable', null])
  })

  it('is changed there by the name that the directory gave, and nothing is kept here', async () => {
    const journey = await atTheChange()
    assert.deepEqual(await journey.post({ current: THEIRS, password: NEXT }), { kind: 'done' })
    assert.equal(journey.directory.asked.at(-1)?.login, 'ann')
    assert.equal(lastEvent(journey, 'password.changed')?.detail.provider, 'Corp')
    assert.equal(journey.sent().at(-1)?.purpose, 'password-changed')
    assert.equal((await journey.users.findBySub(journey.pool.id, journey.sub))?.password, null)
    const next = await journey.another()
    assert.deepEqual(await next.post({ username: 'ann@corp.example', password: NEXT }), { kind: 'done' })
  })

  it('is captured anew where passwords are', async () => {
    const journey = await atTheChange({ directory: { capturesPasswords: true } })
    await journey.post({ current: THEIRS, password: NEXT })
    await journey.putProvider(corp({ enabled: false }))
    const next = await journey.another()
    assert.deepEqual(await next.post({ username: 'ann@corp.example', password: NEXT }), { kind: 'done' })
  })
})
