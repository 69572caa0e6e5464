import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EVENT_TYPES } from '#core/events/index.ts'
import { NOON } from '#tests/support/builders.ts'
import { CHROME_ON_WINDOWS } from '#tests/support/risk-facts.ts'
import { RiskSettings } from './risk-settings.ts'
import { type JudgedEvent, toCognitoAuthEvent } from './to-cognito-auth-event.ts'
import { toCognitoMode, toCognitoRiskConfiguration } from './to-cognito-risk-configuration.ts'

const NO_RISK = { score: 0.1, level: 'none', decision: 'allow', effect: 'allow', because: [], parts: [] } as const

const event = (overrides: Partial<JudgedEvent> = {}): JudgedEvent => ({
  id: '64f513be-32db-42b0-b78e-b02127b4f463',
  poolId: 'pool',
  type: 'sign_in',
  outcome: 'success',
  reason: null,
  sub: 'ann',
  clientId: 'shop',
  flowId: null,
  requestId: null,
  ip: '192.0.2.1',
  userAgent: CHROME_ON_WINDOWS,
  detail: { amr: 'pwd otp mfa' },
  count: 1,
  createdAt: NOON,
  deviceId: 'device',
  place: { country: 'DE', city: 'Berlin' },
  risk: { ...NO_RISK, score: 0.7, level: 'medium', decision: 'mfa-if-configured' },
  feedback: { value: 'valid', by: 'Admin', at: NOON },
  ...overrides,
})
const risk = (overrides: Partial<NonNullable<JudgedEvent['risk']>>) =>
  toCognitoAuthEvent(event({ risk: { ...NO_RISK, ...overrides } }))?.EventRisk
const challenges = (overrides: Partial<JudgedEvent>) =>
  toCognitoAuthEvent(event(overrides))?.ChallengeResponses.map(
    (each) => `${each.ChallengeName} ${each.ChallengeResponse}`,
  )

describe("an event in Cognito's history", () => {
  it('shows a judged sign-in in all its fields', () => {
    assert.deepEqual(toCognitoAuthEvent(event()), {
      EventId: '64f513be-32db-42b0-b78e-b02127b4f463',
      EventType: 'SignIn',
      CreationDate: NOON.getTime() / 1000,
      EventResponse: 'Pass',
      EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'Medium', CompromisedCredentialsDetected: false },
      ChallengeResponses: [
        { ChallengeName: 'Password', ChallengeResponse: 'Success' },
        { ChallengeName: 'Mfa', ChallengeResponse: 'Success' },
      ],
      EventContextData: {
        IpAddress: '192.0.2.1',
        DeviceName: 'Chrome 138, Windows 10',
        City: 'Berlin',
        Country: 'Germany',
      },
      EventFeedback: { FeedbackValue: 'Valid', Provider: 'Admin', FeedbackDate: NOON.getTime() / 1000 },
    })
  })

  it('shows an event of before there was threat protection, with nothing made up', () => {
    const { deviceId, place, risk, feedback, ...old } = event({
      ip: null,
      userAgent: null,
      detail: {},
      outcome: 'failure',
    })
    assert.deepEqual(toCognitoAuthEvent(old), {
      EventId: old.id,
      EventType: 'SignIn',
      CreationDate: NOON.getTime() / 1000,
      EventResponse: 'Fail',
      EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
      ChallengeResponses: [],
      EventContextData: { DeviceName: 'Other, Other' },
    })
  })

  it('tells no risk, risk and a block apart; no level where none was computed', () => {
    assert.deepEqual(risk({}), { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false })
    assert.equal(risk({ level: 'low' })?.RiskDecision, 'AccountTakeover')
    assert.deepEqual(risk({ level: 'high', decision: 'block' }), {
      RiskDecision: 'Block',
      RiskLevel: 'High',
      CompromisedCredentialsDetected: false,
    })
    assert.deepEqual(risk({ score: null, decision: 'block' }), {
      RiskDecision: 'Block',
      CompromisedCredentialsDetected: false,
    })
  })

  it('shows that the password was found among leaked ones, beside the risk', () => {
    assert.equal(toCognitoAuthEvent(event(), true)?.EventRisk.CompromisedCredentialsDetected, true)
    assert.equal(toCognitoAuthEvent(event(), true)?.EventRisk.RiskLevel, 'Medium')
  })

  it('shows which proof was given and which failed', () => {
    assert.deepEqual(challenges({ detail: { amr: 'pwd' } }), ['Password Success'])
    assert.deepEqual(challenges({ outcome: 'failure', reason: 'wrong-credentials', detail: {} }), ['Password Failure'])
    assert.deepEqual(challenges({ outcome: 'failure', reason: 'code-mismatch', detail: { amr: 'pwd' } }), [
      'Password Success',
      'Mfa Failure',
    ])
    assert.deepEqual(challenges({ type: 'password.changed' }), [])
  })

  it('has five kinds of act and leaves all others out', () => {
    const kinds = EVENT_TYPES.map((type) => toCognitoAuthEvent(event({ type }))?.EventType)
    assert.deepEqual(
      new Set(kinds.filter(Boolean)),
      new Set(['SignIn', 'SignUp', 'ForgotPassword', 'PasswordChange', 'ResendCode']),
    )
    assert.ok(kinds.includes(undefined))
  })
})

describe("the settings as Cognito's risk configuration", () => {
  it('say the same in its words', () => {
    const settings = RiskSettings.parse({
      mode: 'enforce',
      actions: { high: { action: 'block', notify: true } },
      deniedNetworks: ['192.0.2.0/24'],
      allowedNetworks: ['198.51.100.7/32'],
    })
    assert.equal(toCognitoMode(settings), 'ENFORCED')
    assert.deepEqual(toCognitoRiskConfiguration(settings), {
      AccountTakeoverRiskConfiguration: {
        Actions: {
          LowAction: { Notify: false, EventAction: 'NO_ACTION' },
          MediumAction: { Notify: true, EventAction: 'MFA_IF_CONFIGURED' },
          HighAction: { Notify: true, EventAction: 'BLOCK' },
        },
      },
      RiskExceptionConfiguration: {
        BlockedIPRangeList: ['192.0.2.0/24'],
        SkippedIPRangeList: ['198.51.100.7/32'],
      },
    })
  })
})
