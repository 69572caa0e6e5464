export { LOGOUT_TOKEN_TYPE, logoutTokenClaims } from './logout-token.ts'
export type { AppSignOut, ClaimedSignOut, SignOutCounts, SignOutQueue } from './ports.ts'
