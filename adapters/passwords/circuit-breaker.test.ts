import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { circuitBreaker } from './circuit-breaker.ts'

const setUp = () => {
  let now = Date.parse('2030-01-01T12:00:00Z')
  const changes: string[] = []
  const breaker = circuitBreaker({
    clock: { now: () => new Date(now) },
    failures: 3,
    pauseSeconds: 30,
    onChange: (isGivenUp, because) => changes.push(`${isGivenUp ? 'given up' : 'back'}: ${because}`),
  })
  return { breaker, changes, wait: (seconds: number) => (now += seconds * 1000) }
}

describe('a circuit breaker', () => {
  it('asks no more after three failures in a row, and says so once', () => {
    const { breaker, changes } = setUp()
    for (let failure = 0; failure < 3; failure++) {
      assert.equal(breaker.mayTry(), true)
      breaker.failed('no answer')
    }
    breaker.failed('one that was under way')
    assert.equal(breaker.mayTry(), false)
    assert.deepEqual(changes, ['given up: no answer'])
  })
  it('forgets failures once something went well', () => {
    const { breaker, changes } = setUp()
    for (let round = 0; round < 5; round++) {
      breaker.failed('no answer')
      breaker.failed('no answer')
      breaker.succeeded()
    }
    assert.equal(breaker.mayTry(), true)
    assert.deepEqual(changes, [])
  })
  it('lets one try after the pause, and everybody once that went well', () => {
    const { breaker, changes, wait } = setUp()
    for (let failure = 0; failure < 3; failure++) breaker.failed('no answer')
    wait(29)
    assert.equal(breaker.mayTry(), false)
    wait(1)
    assert.equal(breaker.mayTry(), true)
    assert.equal(breaker.mayTry(), false)
    breaker.succeeded()
    assert.equal(breaker.mayTry(), true)
    assert.deepEqual(changes, ['given up: no answer', 'back: answers again'])
  })
  it('waits anew when the one try fails, or never comes back', () => {
    const { breaker, wait } = setUp()
    for (let failure = 0; failure < 3; failure++) breaker.failed('no answer')
    wait(30)
    assert.equal(breaker.mayTry(), true)
    breaker.failed('still no answer')
    wait(29)
    assert.equal(breaker.mayTry(), false)
    wait(1)
    assert.equal(breaker.mayTry(), true)
    wait(30)
    assert.equal(breaker.mayTry(), true)
  })
})
