export type { TokenAccount, TokenAccounts } from './account.ts'
export {
  accessTokenExtras,
  attributeClaims,
  type Claims,
  clientTokenExtras,
  type GroupClaims,
  groupsOf,
  identityClaims,
  idTokenExtras,
  type SignInFacts,
  withTriggerClaims,
} from './claims.ts'
