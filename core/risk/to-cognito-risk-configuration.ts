import type { RiskAction, RiskSettings } from './risk-settings.ts'

const ACTIONS = {
  allow: 'NO_ACTION',
  'mfa-if-configured': 'MFA_IF_CONFIGURED',
  'mfa-required': 'MFA_REQUIRED',
  block: 'BLOCK',
} as const satisfies Record<RiskAction, string>

type Mode = 'OFF' | 'AUDIT' | 'ENFORCED'
const MODES = { off: 'OFF', audit: 'AUDIT', enforce: 'ENFORCED' } as const satisfies Record<RiskSettings['mode'], Mode>

/** `AdvancedSecurityMode` of Cognito's `UserPoolAddOns`. */
export const toCognitoMode = ({ mode }: Pick<RiskSettings, 'mode'>): Mode => MODES[mode]

/**
 * The part of Cognito's `RiskConfiguration` that these settings stand for (`DescribeRiskConfiguration`). Weights, thresholds
 * and audit-only have no counterpart there.
 */
export const toCognitoRiskConfiguration = ({ actions, deniedNetworks, allowedNetworks }: RiskSettings) => {
  const level = ({ action, notify }: RiskSettings['actions']['low']) => ({
    Notify: notify,
    EventAction: ACTIONS[action],
  })
  return {
    AccountTakeoverRiskConfiguration: {
      Actions: {
        LowAction: level(actions.low),
        MediumAction: level(actions.medium),
        HighAction: level(actions.high),
      },
    },
    RiskExceptionConfiguration: {
      BlockedIPRangeList: [...deniedNetworks],
      SkippedIPRangeList: [...allowedNetworks],
    },
  }
}
