export { type Demand, type DemandFacts, type DemandReason, demandOf, type RiskDemand } from './demand.ts'
export {
  FACTOR_KINDS,
  type Factor,
  type FactorKind,
  type Method,
  type MethodProof,
  type PasskeyDetail,
} from './factor.ts'
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
export type { AuthenticatorApps, Device, DeviceStore, FactorStore, NewFactor, RecoveryCodeStore } from './ports.ts'
export { newRecoveryCodes, RECOVERY_CODES, readRecoveryCode, recoveryCodeHash } from './recovery-codes.ts'
export { checkTimeCode, stepAt, type TimeCodeAnswer } from './time-codes.ts'
