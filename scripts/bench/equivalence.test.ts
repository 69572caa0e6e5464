import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { equivalence } from './equivalence.ts'

/** Spread evenly around a middle: symmetrical, and the same every time. */
const around = (middle: number, spread: number, count = 200): number[] =>
  Array.from({ length: count }, (_, index) => middle + spread * ((index * 2) / (count - 1) - 1))

describe('two one-sided tests', () => {
  it('call a small difference none, and a large one not', () => {
    assert.equal(equivalence(around(0.5, 5), 3).isEquivalent, true)
    assert.equal(equivalence(around(4, 5), 3).isEquivalent, false)
    assert.equal(equivalence(around(-4, 5), 3).isEquivalent, false)
  })

  it('show nothing where the spread is too wide for the count', () => {
    assert.equal(equivalence(around(0, 100, 60), 3).isEquivalent, false)
    assert.equal(equivalence(around(0, 100, 20_000), 3).isEquivalent, true)
  })

  it('are not moved by a few slow requests', () => {
    const slow = [...around(0, 5), ...Array.from({ length: 20 }, () => 2000)]
    const { difference, isEquivalent } = equivalence(slow, 3)
    assert.ok(Math.abs(difference) < 1.5)
    assert.equal(isEquivalent, true)
  })

  it('give an interval around the difference', () => {
    const { low, difference, high } = equivalence(around(1, 4), 3)
    assert.ok(low < difference && difference < high)
    assert.ok(Math.abs(high - difference - (difference - low)) < 1e-9)
  })
})
