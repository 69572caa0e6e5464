export { agentOf, deviceNameOf } from './agent.ts'
export { type AnswerPorts, answerSignInQuestion, type SignInAnswer } from './answer-sign-in-question.ts'
export {
  assessRisk,
  BASE_POINTS,
  type RiskAssessment,
  type RiskLevel,
  type RiskPart,
  readSignals,
} from './assess-risk.ts'
export { decide, type RiskDecision, type RiskPerson } from './decide.ts'
export {
  type ClientHints,
  type DeviceFacts,
  type Place,
  RISK_WINDOW_SECONDS,
  type RiskCounts,
  type RiskFacts,
  type RiskRequest,
} from './facts.ts'
export { type FeedbackValue, feedback, type JudgedSignIn } from './feedback.ts'
export { learn } from './learn.ts'
export { countedNetworkOf } from './network-keys.ts'
export type {
  BadNetworks,
  PlaceFinder,
  ProfileStore,
  RiskCounters,
  RiskWatch,
  SignInFeedback,
  StoredProfile,
} from './ports.ts'
export { emptyProfile, readProfile, SignInProfile } from './profile.ts'
export {
  RISK_ACTIONS,
  RISK_LEVELS,
  type RiskAction,
  RiskOverride,
  RiskSettings,
  type RiskSettingsInput,
  riskSettingsFor,
} from './risk-settings.ts'
export type { RiskReason } from './signal.ts'
export { SIGNAL_NAMES, type SignalName } from './signals/index.ts'
export { type RiskBecause, type StoredRisk, storedRiskOf } from './stored-risk.ts'
export {
  COGNITO_EVENT_TYPES,
  type CognitoAuthEvent,
  type JudgedEvent,
  type RiskColumns,
  type StoredFeedback,
  toCognitoAuthEvent,
} from './to-cognito-auth-event.ts'
export { toCognitoMode, toCognitoRiskConfiguration } from './to-cognito-risk-configuration.ts'
