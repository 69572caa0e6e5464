import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aProof } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, OTHER_PASSWORD } from '#tests/support/journey.ts'

const sub = ann().sub ?? ''
const other = (code: string): string => (code === '000000' ? '000001' : '000000')

/** The newest event, without where and when. */
const lastOf = ({ written }: Journey) => {
  const { type, outcome, reason, sub, detail } = written.events.at(-1) ?? assert.fail('no event')
  return { type, outcome, reason, sub, detail }
}

describe('what a guesser tries', () => {
  it('at a password is on record with whom it was tried', async () => {
    const journey = await aJourney({ people: [ann()] })
    await journey.post({ username: 'ann@example.com', password: 'not-the-password' })
    const detail = { step: 'sign-in', method: 'password' }
    assert.deepEqual(lastOf(journey), {
      type: 'sign_in.step',
      outcome: 'failure',
      reason: 'wrong-credentials',
      sub,
      detail,
    })
    await journey.post({ username: 'nobody@example.com', password: 'not-the-password' })
    assert.deepEqual([lastOf(journey).reason, lastOf(journey).sub], ['user-unknown', null])
  })

  it('at a recovery code is on record, wrong tries and the right one', async () => {
    const journey = await aJourney({ people: [ann()], step: 'forgot-password' })
    await journey.post({ username: 'ann@example.com' })
    await journey.post({ code: other(journey.code()) })
    const checked = { type: 'code.checked', sub, detail: { purpose: 'recovery' } }
    assert.deepEqual(lastOf(journey), { ...checked, outcome: 'failure', reason: 'code-mismatch' })
    await journey.post({ code: journey.code() })
    assert.deepEqual(lastOf(journey), { ...checked, outcome: 'success', reason: null })
  })

  it('at the code of a sign-up is on record, and a slip of the keyboard is not', async () => {
    const journey = await aJourney({ step: 'sign-up' })
    await journey.post({ username: 'bo@example.com', password: GOOD_PASSWORD })
    await journey.post({ code: '12' })
    assert.equal(lastOf(journey).type, 'sign_up')
    await journey.post({ code: other(journey.code()) })
    assert.deepEqual([lastOf(journey).type, lastOf(journey).reason], ['code.checked', 'code-mismatch'])
  })

  it('at the present password of a borrowed session is on record', async () => {
    const journey = await aJourney({
      people: [ann()],
      step: 'change-password',
      state: { proof: aProof(sub, { isFromSession: true }) },
    })
    await journey.post({ current: 'not-the-password', password: OTHER_PASSWORD })
    assert.deepEqual(lastOf(journey), {
      type: 'password.changed',
      outcome: 'failure',
      reason: 'wrong-credentials',
      sub,
      detail: { step: 'change-password' },
    })
  })
})

describe('who is turned away at sign-up', () => {
  it('is on record: by a trigger, by a closed door, by the network’s limit', async () => {
    const refuse = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    const form = { username: 'bo@example.com', password: GOOD_PASSWORD }
    const byTrigger = await aJourney({ step: 'sign-up', triggers: { preSignUp: refuse } })
    await byTrigger.post(form)
    const closed = await aJourney({ step: 'sign-up', pool: { selfSignUp: false } })
    await closed.post(form)
    const tooMany = await aJourney({ step: 'sign-up' })
    for (let n = 0; n < 31; n++) await tooMany.post({ username: '' })
    for (const [journey, reason] of [
      [byTrigger, 'trigger-refused'],
      [closed, 'sign-up-closed'],
      [tooMany, 'too-many-requests'],
    ] as const)
      assert.deepEqual(lastOf(journey), { type: 'sign_up', outcome: 'failure', reason, sub: null, detail: {} })
  })
})
