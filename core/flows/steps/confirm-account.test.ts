import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const unconfirmed = ann({ status: 'UNCONFIRMED', attributes: { email: 'ann@example.com' } })
const sub = ann().sub ?? ''
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure
const personOf = async (journey: Journey) => (await journey.users.findBySub(journey.pool.id, sub))?.user
const nothing = { events: [] }

/** Somebody who signed up and never confirmed comes back with the right password. */
const comingBack = async (options: JourneyOptions = {}) => {
  const journey = await aJourney({ people: [unconfirmed], ...options })
  assert.deepEqual(await journey.post(right), { kind: 'step', step: 'confirm-account' })
  return journey
}

describe('confirming an account after signing in', () => {
  it('needs an address a code can go to', async () => {
    const journey = await aJourney({
      people: [{ ...unconfirmed, username: 'ann', attributes: {} }],
      pool: { signInNames: ['username'] },
    })
    await journey.post({ ...right, username: 'ann' })
    assert.equal((await failureOf(journey))?.message, 'signin.unconfirmed')
  })

  it('refuses a wrong code and stays where it is', async () => {
    const journey = await comingBack()
    await journey.post({ code: journey.code() === '000000' ? '000001' : '000000' })
    assert.equal((await failureOf(journey))?.message, 'code.wrong')
    assert.equal((await personOf(journey))?.status, 'UNCONFIRMED')
  })

  it('confirms person and address with the right one, and signs in', async () => {
    const journey = await comingBack()
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
    const person = await personOf(journey)
    assert.deepEqual([person?.status, person?.attributes.email_verified], ['CONFIRMED', true])
    const { proof } = (await journey.flow()).state
    assert.deepEqual([proof?.sub, proof?.authenticatedAt, proof?.amr], [sub, NOON.getTime(), ['pwd', 'otp', 'mfa']])
  })

  it('is a sign-in, which the post-authentication trigger may refuse', async () => {
    const refuse = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    const journey = await comingBack({ triggers: { postAuthentication: refuse } })
    await journey.post({ code: journey.code() })
    assert.equal((await failureOf(journey))?.message, 'trigger.refused')
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('begins anew when the account was disabled, deleted, or given another state meanwhile', async () => {
    for (const change of [
      { enabled: false },
      { status: 'FORCE_CHANGE_PASSWORD' as const },
      { status: 'RESET_REQUIRED' as const },
      { status: 'DELETING' as const },
      { status: 'CONFIRMED' as const },
    ]) {
      const journey = await comingBack()
      await journey.users.update(journey.pool.id, sub, { ...change, at: NOON }, nothing)
      assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'sign-in' })
      assert.equal((await journey.flow()).state.proof, null)
      if (change.status !== undefined) assert.equal((await personOf(journey))?.status, change.status)
    }
    const journey = await comingBack()
    await journey.users.delete(journey.pool.id, sub, nothing)
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'step', step: 'sign-in' })
  })

  it('proves no address but the one the code went to', async () => {
    const journey = await comingBack()
    const code = journey.code()
    const attributes = { email: 'changed@example.com' }
    await journey.users.update(journey.pool.id, sub, { attributes, at: NOON }, nothing)
    assert.deepEqual(await journey.post({ code }), { kind: 'step', step: 'sign-in' })
    const later = await journey.another()
    assert.deepEqual(await later.post(right), { kind: 'step', step: 'confirm-account' })
    await later.post({ code })
    assert.equal((await personOf(journey))?.attributes.email_verified, undefined)
  })

  it('sends another code on request, after the pause', async () => {
    const journey = await comingBack()
    await journey.post({ _intent: 'resend' })
    assert.equal((await failureOf(journey))?.message, 'code.toosoon')
    journey.wait(30)
    await journey.post({ _intent: 'resend' })
    assert.deepEqual(
      journey.sent().map(({ purpose, to }) => [purpose, to]),
      [
        ['verify-account-code', 'ann@example.com'],
        ['verify-account-code', 'ann@example.com'],
      ],
    )
  })
})
