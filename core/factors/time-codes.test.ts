import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkTimeCode, stepAt } from './time-codes.ts'

const AT = new Date('2030-06-15T12:00:00Z')
const now = stepAt(AT)
/** Codes that name their own step. */
const apps = { codeAt: (_secret: string, step: number) => String(step).slice(-6) }
const check = (step: number) => checkTimeCode(apps, 'secret', String(step).slice(-6), AT)

describe('a code of an authenticator app', () => {
  it('is right for the current step and one either side', () => {
    for (const offset of [-1, 0, 1]) assert.deepEqual(check(now + offset), { kind: 'match', step: now + offset })
  })

  it('of another time within ten minutes is told apart, and not accepted', () => {
    for (const offset of [-20, -2, 2, 20]) assert.deepEqual(check(now + offset), { kind: 'wrong-clock' })
  })

  it('is wrong otherwise', () => {
    for (const offset of [-21, 21, 1000]) assert.deepEqual(check(now + offset), { kind: 'mismatch' })
    assert.deepEqual(checkTimeCode(apps, 'secret', '', AT), { kind: 'mismatch' })
  })
})
