export { type AcceptedKinds, acceptedFactors, acceptsFactor } from './accepted-factors.ts'
export { type Demand, type DemandFacts, type DemandReason, demandOf, type RiskDemand } from './demand.ts'
export { DEVICE_COOKIE_SECONDS, deviceCookieKey, deviceTokenHash } from './devices.ts'
export {
  FACTOR_KINDS,
  type Factor,
  type FactorKind,
  type Method,
  type MethodProof,
  type PasskeyDetail,
} from './factor.ts'
export { type FactorRecovery, type FactorRecoveryStore, newFactorRecovery } from './factor-recovery.ts'
export { factorsOf, recoveryChannels } from './factors-of.ts'
export { FRESH_SECONDS, freshProofs, isFresh } from './freshness.ts'
export {
  ACR_MULTI_FACTOR,
  ACR_PHISHING_RESISTANT,
  ACR_SINGLE_FACTOR,
  ACR_VALUES,
  type Acr,
  acrOf,
  amrOf,
  authenticatedAt,
  isAcr,
  reaches,
} from './levels.ts'
export { carrierOf, providerOf } from './passkey-providers.ts'
export { MOST_PASSKEYS, mayRelyOn, type PasskeySettings, relyingPartyOf, verificationOf } from './passkeys.ts'
export type {
  AuthenticatorApps,
  Ceremony,
  ClaimedPasskey,
  Device,
  DeviceStore,
  FactorStore,
  NewFactor,
  NewPasskey,
  PasskeyCeremonies,
  RecoveryCodeStore,
  RelyingParty,
  ShownPasskey,
} from './ports.ts'
export { newRecoveryCodes, RECOVERY_CODES, readRecoveryCode, recoveryCodeHash } from './recovery-codes.ts'
export { checkTimeCode, stepAt, type TimeCodeAnswer } from './time-codes.ts'
