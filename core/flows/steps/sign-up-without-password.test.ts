import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aJourney, ann, GOOD_PASSWORD, type JourneyOptions } from '#tests/support/journey.ts'

const NEW = 'new@example.com'
const signingUp = (options: JourneyOptions = {}) =>
  aJourney({ people: [ann()], step: 'sign-up', ...options, pool: { firstFactors: ['email-code'], ...options.pool } })

describe('signing up where the pool has no passwords', () => {
  it('asks for no password, keeps none that is posted, and signs in by the code that proves the address', async () => {
    const journey = await signingUp()
    assert.deepEqual(await journey.post({ username: NEW, password: GOOD_PASSWORD }), {
      kind: 'step',
      step: 'confirm-sign-up',
    })
    assert.deepEqual(await journey.post({ code: journey.code() }), { kind: 'done' })
    const found = await journey.users.findByName(journey.pool.id, NEW)
    assert.equal(found?.password, null)
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['otp'])
  })

  it('lets them in by a code the next time', async () => {
    const journey = await signingUp()
    await journey.post({ username: NEW })
    await journey.post({ code: journey.code() })
    const again = await journey.another()
    assert.deepEqual(await again.post({ username: NEW }), { kind: 'step', step: 'sign-in-code' })
    assert.deepEqual(await again.post({ code: journey.code() }), { kind: 'done' })
  })

  it('asks for the code whatever a trigger waves through: there is no other proof', async () => {
    const journey = await signingUp({
      triggers: {
        preSignUp: async () => ({
          ok: true,
          value: { autoConfirm: true, autoVerifyEmail: true, autoVerifyPhone: false },
        }),
      },
    })
    assert.deepEqual(await journey.post({ username: NEW }), { kind: 'step', step: 'confirm-sign-up' })
    assert.equal(await journey.users.findByName(journey.pool.id, NEW), null)
  })

  it('is closed where no address would be proven: nobody could sign in', async () => {
    const journey = await signingUp({ pool: { autoVerify: [] } })
    assert.deepEqual(await journey.post({ username: NEW }), { kind: 'step', step: 'sign-up' })
    assert.equal((await journey.flow()).state.failure?.message, 'signup.closed')
  })

  it('looks the same for an address that has an account', async () => {
    const shown = []
    for (const username of [NEW, 'ann@example.com']) {
      const journey = await signingUp()
      const answer = await journey.post({ username })
      shown.push([answer, (await journey.flow()).state.failure])
    }
    assert.deepEqual(shown[0], shown[1])
  })

  it('still asks for one where a password is among the ways', async () => {
    const journey = await signingUp({ pool: { firstFactors: ['email-code', 'password'] } })
    assert.deepEqual(await journey.post({ username: NEW }), { kind: 'step', step: 'sign-up' })
    assert.equal((await journey.flow()).state.failure?.message, 'newpassword.empty')
  })
})
