export type { TokenAccount, TokenAccounts } from './account.ts'
export {
  accessTokenExtras,
  attributeClaims,
  clientTokenExtras,
  groupsOf,
  idTokenExtras,
  withTriggerClaims,
  type Claims,
  type GroupClaims,
  type SignInFacts,
} from './claims.ts'
