import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withBirthdate } from './birthdate.ts'

const boxes = (year: string, month: string, day: string) => ({
  'birthdate.year': year,
  'birthdate.month': month,
  'birthdate.day': day,
})

describe('a date of birth typed in three boxes', () => {
  it('becomes one attribute, with two-digit month and day, and the other fields stay', () => {
    assert.deepEqual(withBirthdate({ ...boxes('1990', '3', ' 7 '), name: 'Inés', scope: ['a', 'b'] }), {
      name: 'Inés',
      scope: ['a', 'b'],
      birthdate: '1990-03-07',
    })
  })

  it('is an empty value when nothing was typed, so that a required date is asked for again', () => {
    assert.deepEqual(withBirthdate(boxes('', ' ', '')), { birthdate: '' })
  })

  it('keeps what is not a date as typed, for the attribute’s check to refuse', () => {
    assert.deepEqual(withBirthdate(boxes('ninety', '13', '')), { birthdate: 'ninety-13-00' })
  })

  it('leaves forms without the boxes alone, also one that posts the attribute itself', () => {
    const form = { birthdate: '1990-03-07' }
    assert.equal(withBirthdate(form), form)
  })
})
