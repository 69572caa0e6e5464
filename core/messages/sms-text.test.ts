import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fittingSms, smsSegments } from './sms-text.ts'

describe('the length of an SMS', () => {
  for (const [title, text, segments] of [
    ['160 Latin letters are one segment', 'a'.repeat(160), 1],
    ['161 are two', 'a'.repeat(161), 2],
    ['German umlauts count one each', 'ü'.repeat(160), 1],
    ['a euro sign counts two', '€'.repeat(81), 2],
    ['70 Arabic letters are one segment', 'ا'.repeat(70), 1],
    ['71 are two', 'ا'.repeat(71), 2],
    ['one letter outside the alphabet makes the whole text wide', `${'a'.repeat(70)}ж`, 2],
    ['an emoji counts two of seventy', '🦦'.repeat(35), 1],
  ] as const) {
    it(title, () => assert.equal(smsSegments(text), segments))
  }

  it('is kept to one segment by the first wording that fits', () => {
    assert.equal(fittingSms(['a'.repeat(160), 'short'], '\nend'), 'short\nend')
    assert.equal(fittingSms(['a'.repeat(200), 'b'.repeat(200)], ''), 'b'.repeat(200))
  })
})
