import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maySendSms } from './sms-destinations.ts'

const may = (number: string, allowedPrefixes: string[], blockedPrefixes: string[] = []) =>
  maySendSms({ sms: { allowedPrefixes, blockedPrefixes } }, number)

describe('where codes may go by SMS', () => {
  it('is everywhere unless the pool says otherwise', () => {
    assert.equal(may('+881612345678', []), true)
  })

  it('is where the allowed beginnings lead, and nowhere else', () => {
    assert.equal(may('+4930123456', ['+49', '+41']), true)
    assert.equal(may('+4330123456', ['+49', '+41']), false)
  })

  it('is not where a blocked beginning leads', () => {
    assert.equal(may('+19005551234', [], ['+1900']), false)
    assert.equal(may('+12125551234', [], ['+1900']), true)
  })

  it('is decided by the longest beginning, and by the refusal where both are as long', () => {
    assert.equal(may('+19005551234', ['+1'], ['+1900']), false)
    assert.equal(may('+447700900123', ['+447'], ['+44']), true)
    assert.equal(may('+442071234567', ['+447'], ['+44']), false)
    assert.equal(may('+4930123456', ['+49'], ['+49']), false)
  })
})
