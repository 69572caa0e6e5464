import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCode } from './check-code.ts'

const read = (typed: string) => {
  const code = readCode(typed)
  return code.ok ? code.value : code.failure.code
}

describe('reading a code', () => {
  it('refuses nothing, too few, too many and other signs, and says how many there were', () => {
    assert.deepEqual(readCode('  '), { ok: false, failure: { code: 'code-empty', field: 'code' } })
    assert.deepEqual(readCode('12 34'), { ok: false, failure: { code: 'code-short', field: 'code', params: { n: 4 } } })
    assert.deepEqual(readCode('1234567'), {
      ok: false,
      failure: { code: 'code-long', field: 'code', params: { n: 7 } },
    })
    for (const typed of ['abcdef', '12a456', '½¼¾', 'no code here', '12345 and 1234567', '0x1F40', '+-"'])
      assert.match(read(typed), /^code-(?:chars|short)$/, typed)
  })

  it('forgives blanks, dashes and quotes', () => {
    for (const typed of [
      '123456',
      ' 123 456 ',
      '123-456',
      '123–456',
      '1 2 3 4 5 6',
      '"123456"',
      '“123 456”',
      '«123456»',
      '123\u00a0456',
      '\t123456\n',
    ])
      assert.equal(read(typed), '123456', JSON.stringify(typed))
  })

  it('reads digits of every script that Unicode knows', () => {
    const zeros: number[] = []
    for (let point = 0; point < 0x1fbff; point++) {
      const isDigit = (at: number) => /\p{Nd}/u.test(String.fromCodePoint(at))
      if (isDigit(point) && !isDigit(point - 1)) zeros.push(point)
    }
    assert.ok(zeros.length > 50)
    for (const zero of zeros) {
      const sixTo = (first: number) =>
        Array.from({ length: 6 }, (_, n) => String.fromCodePoint(zero + first + n)).join('')
      assert.equal(read(sixTo(0)), '012345', `U+${zero.toString(16)}`)
      assert.equal(read(sixTo(4)), '456789', `U+${zero.toString(16)}`)
    }
    assert.equal(read('١٢٣٤٥٦'), '123456')
    assert.equal(read('۱۲۳ ۴۵۶'), '123456')
    assert.equal(read('１２３４５６'), '123456')
  })

  it('takes the code out of a pasted sentence', () => {
    for (const typed of [
      'Your code is 123456.',
      '123456 is your Shop code',
      'G-123456',
      'Shop: 123 456 — valid for 15 minutes',
      'رمزك هو ١٢٣٤٥٦',
      'Code: 123-456\n@auth.example.com #123456',
    ])
      assert.equal(read(typed), '123456', typed)
  })

  it('takes no part of a longer number for a code', () => {
    for (const typed of ['call +49301234567', 'order 12345678', '2030-06-15'])
      assert.match(read(typed), /^code-(?:chars|long)$/, typed)
  })

  it('takes time in step with its length', () => {
    for (const piece of ['1', ' ', '1 ', '-', '१', '"', '12345-', 'x1'])
      assert.match(read(piece.repeat(100_000)), /^(?:code-|\d{6})/)
  })
})
