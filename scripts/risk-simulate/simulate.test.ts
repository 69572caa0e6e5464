import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RiskSettings } from '#core/risk/index.ts'
import { makeHistory } from './make-history.ts'
import { replay } from './replay.ts'
import { rocOf, rocSvg } from './roc-svg.ts'
import { runSet, SEEDS } from './run-set.ts'
import { readScenarios } from './scenario.ts'
import { honestOf, takeoversOf, targetsOf } from './tally.ts'

const ENFORCED = RiskSettings.parse({ mode: 'enforce' })
/** A tenth of the people, and seeds of this test's own. */
const SMALL = { size: 0.1, seeds: [42] }

const percentOf = (outcomes: ReturnType<typeof targetsOf>) =>
  outcomes.map(({ name, share }) => `${name} ${(share * 100).toFixed(2)} %`).join(', ')

describe('risk with default weights', () => {
  for (const set of ['tuning', 'hold-out'] as const) {
    const judged = runSet(set, ENFORCED, SMALL)
    it(`stops 95 in 100 takeovers by leaked lists and sprays, and 1 in 100 honest sign-ins at most (${set})`, () => {
      const outcomes = targetsOf(judged)
      assert.ok(
        outcomes.every(({ isMet }) => isMet),
        percentOf(outcomes),
      )
    })
    it(`has seen enough of each to say so (${set})`, () => {
      const [stuffing] = takeoversOf(judged)
      const spray = takeoversOf(judged).find(({ group }) => group === 'spray')
      const [honest] = honestOf(judged)
      assert.ok((stuffing?.count ?? 0) > 25 && (spray?.count ?? 0) > 15 && (honest?.count ?? 0) > 5000)
    })
    it(`draws a curve above chance (${set})`, () => {
      for (const kind of ['stuffing', 'spray'] as const) assert.ok(rocOf(judged, kind).area > 0.98, kind)
      assert.ok(rocOf(judged, 'theft').area > 0.7)
      const picture = rocSvg(judged, ENFORCED.thresholds, 'Title')
      assert.match(picture, /^<svg .*\n<title id="t">Title<\/title>/)
      assert.doesNotMatch(picture, /NaN|undefined|Infinity/)
    })
  }

  it('stops nobody in audit, and judges all the same', () => {
    const history = makeHistory(readScenarios('tuning')[0] ?? assert.fail(), 3, 0.03)
    const judged = replay(history, RiskSettings.parse({ mode: 'audit' }), 3)
    assert.ok(judged.every(({ effect }) => effect.withFactor === 'allow' && effect.withoutFactor === 'allow'))
    assert.ok(judged.some(({ level }) => level === 'high'))
  })
})

describe('the simulation', () => {
  const scenario = readScenarios('tuning')[0] ?? assert.fail()

  it('tells the same story from the same seed, and another from another', () => {
    const told = (seed: number) => JSON.stringify(makeHistory(scenario, seed, 0.02))
    assert.equal(told(5), told(5))
    assert.notEqual(told(5), told(6))
  })

  it('keeps the sets apart: no scenario and no seed is in both', () => {
    const names = (set: 'tuning' | 'hold-out') => readScenarios(set).map(({ name }) => name)
    assert.deepEqual(
      names('tuning').filter((name) => names('hold-out').includes(name)),
      [],
    )
    assert.deepEqual(
      SEEDS.tuning.filter((seed) => SEEDS['hold-out'].includes(seed)),
      [],
    )
  })

  it('has attempts in the order of time, with addresses that can be placed', () => {
    const { attempts, misses } = makeHistory(scenario, 5, 0.05)
    assert.ok(attempts.every(({ time }, index) => time >= (attempts[index - 1]?.time ?? -Infinity)))
    assert.ok(misses.length > attempts.filter(({ attack }) => attack !== null).length)
    assert.ok(attempts.some(({ request }) => request.ip?.includes(':')))
  })

  it('replays through the engine that signs people in', () => {
    const history = makeHistory(scenario, 5, 0.02)
    const silent = { ...ENFORCED, weights: Object.fromEntries(Object.keys(ENFORCED.weights).map((name) => [name, 0])) }
    assert.ok(replay(history, RiskSettings.parse(silent), 5).every(({ level }) => level === 'none'))
  })
})
