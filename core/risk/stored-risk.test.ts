import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import { assessRisk } from './assess-risk.ts'
import { decide } from './decide.ts'
import { RiskSettings, type RiskSettingsInput } from './risk-settings.ts'
import { storedRiskOf } from './stored-risk.ts'

const stored = (facts: Parameters<typeof riskFacts>[0], more: RiskSettingsInput = {}) => {
  const settings = RiskSettings.parse({ mode: 'enforce', ...more })
  const assessment = assessRisk(settings, riskFacts(facts))
  return storedRiskOf(assessment, decide(settings, assessment, { hasSecondFactor: true, isRememberedDevice: false }))
}
const told = (points: number) => ({ ...aProfile(), caution: { points, at: NOON.getTime() / 1000 } })

describe('what an event keeps of a judgement', () => {
  it('is nothing but score, level, decision and parts of an ordinary one', () => {
    const { score, ...rest } = stored({})
    assert.ok(score !== null && score < 0.01)
    assert.deepEqual(rest, { level: 'none', decision: 'allow', effect: 'allow', because: [], parts: [] })
  })

  it('says that the history was short, that answers weighed in, and which list decided', () => {
    assert.deepEqual(stored({ profile: aProfile(2) }).because, ['coldStart'])
    assert.deepEqual(stored({ profile: told(1) }).because, ['stricter'])
    assert.deepEqual(stored({ profile: told(-1) }).because, ['milder'])
    assert.deepEqual(stored({}, { allowedNetworks: ['84.0.0.0/8'] }).because, ['allowed'])
    const { because, decision, effect, score } = stored({}, { deniedNetworks: ['84.0.0.0/8'] })
    assert.deepEqual([because, decision, effect, score], [['denied'], 'block', 'block', null])
  })

  it('tells in audit what would have been done from what was done', () => {
    const strict = {
      actions: { low: { action: 'block' }, medium: { action: 'block' }, high: { action: 'block' } },
    } as const
    const { decision, effect } = stored({ device: null, request: { ip: '9.9.9.9' } }, { mode: 'audit', ...strict })
    assert.deepEqual([decision, effect], ['block', 'allow'])
  })

  it('comes back from JSON as it went', () => {
    const risk = stored({ device: null, request: { ip: '9.9.9.9' } })
    assert.ok(risk.parts.length > 0)
    assert.deepEqual(JSON.parse(JSON.stringify(risk)), risk)
  })
})
