import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRecoveryCode, recoveryCodeHash, stepAt } from '#core/factors/index.ts'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD } from '#tests/support/journey.ts'

const right = { username: 'ann@example.com', password: GOOD_PASSWORD }

/** Ann with an authenticator app and ten codes, of which `used` are used. */
const withCodes = async (used = 0) => {
  const journey = await aJourney({ people: [ann()], pool: { mfa: 'required' } })
  await journey.post(right)
  await journey.post({ kind: 'totp' })
  const { enrolment } = (await journey.flow()).state
  const secret = enrolment?.kind === 'totp' ? enrolment.secret : ''
  await journey.post({ code: journey.ports.apps.codeAt(secret, stepAt(NOON)) })
  const made = (await journey.flow()).state.enrolment
  const codes = made?.kind === 'recovery-codes' ? made.codes : []
  const { pool, ports } = journey
  const sub = ann().sub ?? ''
  for (const code of codes.slice(0, used)) {
    const hash = recoveryCodeHash(ports.hashes, pool.id, sub, readRecoveryCode(code) ?? '')
    assert.ok(await ports.recoveryCodes.use(pool.id, sub, hash, NOON, { events: [] }))
  }
  const asked = async () => {
    const again = await journey.another()
    await again.post(right)
    await again.post({ _intent: 'recovery' })
    return again
  }
  const told = () => journey.written.messages.filter(({ purpose }) => purpose === 'recovery-code-used')
  return { journey, codes, asked, told, unused: () => ports.recoveryCodes.count(pool.id, sub) }
}

describe('the use of a recovery code', () => {
  it('tells the person each time, with how many are left, and says nothing of a wrong one', async () => {
    const { codes, asked, told } = await withCodes()
    const page = await asked()
    await page.post({ code: 'AAAAA-AAAAA' })
    assert.equal(told().length, 0)
    assert.deepEqual(await page.post({ code: codes[0] ?? '' }), { kind: 'done' })
    assert.equal(told().length, 1)
    assert.match(told()[0]?.message.channel === 'sms' ? (told()[0]?.message.text ?? '') : '', /"left":9/)
  })

  it('is told once, whoever else sends the same code at the same moment', async () => {
    const { codes, asked, told } = await withCodes()
    const pages = await Promise.all(Array.from({ length: 10 }, asked))
    const answers = await Promise.all(pages.map((page) => page.post({ code: codes[0] ?? '' })))
    assert.equal(answers.filter(({ kind }) => kind === 'done').length, 1)
    assert.equal(told().length, 1)
  })

  it('offers new ones when three are left, which end the former ones', async () => {
    const { codes, asked, unused } = await withCodes(6)
    const page = await asked()
    assert.deepEqual(await page.post({ code: codes[6] ?? '' }), { kind: 'step', step: 'few-codes' })
    const { state } = await page.flow()
    assert.deepEqual([state.proof, state.enrolment], [null, { kind: 'few-codes', left: 3 }])
    assert.deepEqual(await page.post({}), { kind: 'step', step: 'recovery-codes' })
    assert.deepEqual(await page.post({ saved: 'on' }), { kind: 'done' })
    assert.equal((await unused())?.left, 10)
    const late = await asked()
    await late.post({ code: codes[7] ?? '' })
    assert.equal((await late.flow()).state.failure?.message, 'mfa.recoveryCodeWrong')
  })

  it('lets who wants none go on, and counts the code as a proof', async () => {
    const { codes, asked, unused } = await withCodes(9)
    const page = await asked()
    await page.post({ code: codes[9] ?? '' })
    assert.deepEqual(await page.post({ _intent: 'later' }), { kind: 'done' })
    assert.deepEqual((await page.flow()).state.proof?.amr, ['pwd', 'otp', 'mfa'])
    assert.equal((await unused())?.left, 0)
  })

  it('is the only way to that page', async () => {
    const { journey, asked, unused } = await withCodes(6)
    const page = await asked()
    for (const form of [{}, { _intent: 'later' }])
      assert.deepEqual(await page.post(form, 'few-codes'), { kind: 'step', step: 'recovery-code' })
    assert.equal((await unused())?.left, 4)
    assert.equal(journey.written.events.filter(({ type }) => type === 'recovery_codes.made').length, 1)
  })
})
