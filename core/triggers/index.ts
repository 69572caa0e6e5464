export { noTriggers } from './no-triggers.ts'
export type { Triggers, TriggerCall, TokenClaimsAnswer } from './ports.ts'
