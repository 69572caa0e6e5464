import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide } from './decide.ts'
import { RISK_ACTIONS, RISK_LEVELS, RiskSettings, type RiskSettingsInput, riskSettingsFor } from './risk-settings.ts'

const WITH = { hasSecondFactor: true, isRememberedDevice: false }
const WITHOUT = { hasSecondFactor: false, isRememberedDevice: false }
const settings = (more: RiskSettingsInput = {}) => RiskSettings.parse({ mode: 'enforce', ...more })
const at = (level: 'none' | 'low' | 'medium' | 'high') => ({ level, exception: null })
const only = (action: (typeof RISK_ACTIONS)[number]) =>
  settings({ actions: { low: { action }, medium: { action }, high: { action } } })

describe('deciding by level', () => {
  it('does nothing while threat protection is off, on a denied address too', () => {
    for (const judged of [at('high'), { level: 'none', exception: 'denied' } as const])
      assert.deepEqual(decide(settings({ mode: 'off' }), judged, WITHOUT), {
        action: 'allow',
        effect: 'allow',
        notify: false,
        because: 'off',
      })
  })

  it('says in audit what would have been done, stops nobody and tells nobody', () => {
    const audit = settings({ mode: 'audit', actions: { high: { action: 'block', notify: true } } })
    assert.deepEqual(decide(audit, at('high'), WITHOUT), {
      action: 'block',
      effect: 'allow',
      notify: false,
      because: 'audit',
    })
    const denied = decide(audit, { level: 'none', exception: 'denied' }, WITH)
    assert.deepEqual([denied.action, denied.effect], ['block', 'allow'])
  })

  it('blocks a denied address and passes an allowed one, whatever the levels do', () => {
    const lax = only('allow')
    assert.equal(decide(lax, { level: 'none', exception: 'denied' }, WITH).effect, 'block')
    assert.equal(decide(only('block'), { level: 'high', exception: 'allowed' }, WITHOUT).effect, 'allow')
  })

  it('asks nothing more where there is no risk', () => {
    assert.deepEqual(decide(only('block'), at('none'), WITHOUT).because, 'no-risk')
  })

  it('challenges whoever has a second factor, and does with the others what the action says', () => {
    for (const [action, withFactor, without] of [
      ['allow', 'allow', 'allow'],
      ['mfa-if-configured', 'challenge', 'allow'],
      ['mfa-required', 'challenge', 'block'],
      ['block', 'block', 'block'],
    ] as const)
      for (const level of RISK_LEVELS) {
        assert.equal(decide(only(action), at(level), WITH).effect, withFactor, `${action} ${level}`)
        assert.equal(decide(only(action), at(level), WITHOUT).effect, without, `${action} ${level}`)
      }
  })

  it('never takes a remembered device for a proof, unless the pool wants it as Cognito does', () => {
    const remembered = { hasSecondFactor: true, isRememberedDevice: true }
    assert.equal(decide(only('mfa-required'), at('medium'), remembered).effect, 'challenge')
    const asCognito = settings({ rememberedDevicesPass: true })
    assert.deepEqual(decide(asCognito, at('medium'), remembered).because, 'remembered-device')
    assert.equal(decide(asCognito, at('high'), { hasSecondFactor: false, isRememberedDevice: true }).effect, 'block')
  })

  it('notifies where the level says so, beside the action', () => {
    const quiet = settings({ actions: { low: { action: 'allow', notify: true } } })
    assert.deepEqual(decide(quiet, at('low'), WITHOUT), {
      action: 'allow',
      effect: 'allow',
      notify: true,
      because: 'level',
    })
  })
})

describe('the settings of threat protection', () => {
  it('have a default for everything and are off', () => {
    const defaults = RiskSettings.parse({})
    assert.equal(defaults.mode, 'off')
    assert.deepEqual(
      RISK_LEVELS.map((level) => defaults.actions[level].action),
      ['allow', 'mfa-if-configured', 'mfa-required'],
    )
  })

  it('refuse a higher level with a weaker action, in a client too', () => {
    for (const [low, high] of [
      ['block', 'mfa-required'],
      ['mfa-required', 'mfa-if-configured'],
      ['mfa-if-configured', 'allow'],
    ] as const) {
      const actions = { low: { action: low }, medium: { action: low }, high: { action: high } }
      const parsed = RiskSettings.safeParse({ actions })
      assert.ok(!parsed.success && /weaker/.test(parsed.error.message), `${low} ${high}`)
    }
  })

  it('refuse thresholds out of order or out of range, weights out of range, and what is no network', () => {
    for (const wrong of [
      { thresholds: { low: 0.5, medium: 0.5 } },
      { thresholds: { low: 0 } },
      { thresholds: { high: 1 } },
      { weights: { newDevice: -1 } },
      { weights: { newDevice: 11 } },
      { weights: { moonPhase: 1 } },
      { deniedNetworks: ['example.com'] },
      { deniedNetworks: ['10.0.0.0/33'] },
      { allowedNetworks: Array.from({ length: 201 }, () => '10.0.0.1') },
      { coldStartSignIns: -1 },
    ])
      assert.equal(RiskSettings.safeParse(wrong).success, false, JSON.stringify(wrong).slice(0, 60))
  })

  it('of a client replace the parts that it names, whole, and no others', () => {
    const pool = settings({ deniedNetworks: ['10.0.0.0/8'], allowedNetworks: ['192.0.2.1'] })
    assert.deepEqual(riskSettingsFor(pool, undefined), pool)
    const client = riskSettingsFor(pool, { mode: 'audit', deniedNetworks: [] })
    assert.deepEqual([client.mode, client.deniedNetworks, client.allowedNetworks], ['audit', [], ['192.0.2.1']])
    assert.equal(riskSettingsFor(pool, { mode: undefined }).mode, 'enforce')
  })

  it('rank the actions from mild to hard', () => {
    assert.deepEqual([...RISK_ACTIONS], ['allow', 'mfa-if-configured', 'mfa-required', 'block'])
  })
})
