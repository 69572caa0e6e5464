export { noTriggers } from './no-triggers.ts'
export type { TokenClaimsAnswer, TriggerCall, Triggers } from './ports.ts'
