import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepAt } from '#core/factors/index.ts'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD } from '#tests/support/journey.ts'

const right = { username: 'ann@example.com', password: GOOD_PASSWORD }

describe('a recovery code', () => {
  const withCodes = async () => {
    const journey = await aJourney({ people: [ann()], pool: { mfa: 'required' } })
    await journey.post(right)
    await journey.post({ kind: 'totp' })
    const { enrolment } = (await journey.flow()).state
    const secret = enrolment?.kind === 'totp' ? enrolment.secret : ''
    await journey.post({ code: journey.ports.apps.codeAt(secret, stepAt(NOON)) })
    const made = (await journey.flow()).state.enrolment
    const codes = made?.kind === 'recovery-codes' ? made.codes : []
    const asked = async () => {
      const again = await journey.another()
      await again.post(right)
      await again.post({ _intent: 'recovery' })
      return again
    }
    return { journey, codes, asked }
  }

  it('stands in for the factor, once', async () => {
    const { codes, asked } = await withCodes()
    const [code = ''] = codes
    const first = await asked()
    assert.deepEqual(await first.post({ code: ` ${code.toLowerCase().replace('-', ' ')} ` }), { kind: 'done' })
    assert.deepEqual((await first.flow()).state.proof?.amr, ['pwd', 'otp', 'mfa'])
    const second = await asked()
    await second.post({ code })
    assert.equal((await second.flow()).state.failure?.message, 'mfa.recoveryCodeWrong')
  })

  it('of another person, of another shape, or guessed, is refused and counted', async () => {
    const { asked } = await withCodes()
    const journey = await asked()
    for (const code of ['', 'AAAAA-AAAAA', '123456', 'x'.repeat(5000)]) {
      await journey.post({ code })
      assert.equal((await journey.flow()).state.failure?.message, 'mfa.recoveryCodeWrong')
    }
    for (let n = 0; n < 10; n++) await journey.post({ code: 'AAAAA-AAAAA' })
    assert.equal((await journey.flow()).state.failure?.message, 'mfa.spent')
  })
})
