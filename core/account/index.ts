export { accountContent, type ContentPorts } from './account-contents.ts'
export {
  ACCOUNT_PAGES,
  type AccountPage,
  type AccountPlace,
  accountPage,
  accountPath,
  accountPlace,
} from './account-places.ts'
export type { AccountContent, AccountView } from './account-view.ts'
export { changeOwnPassword } from './change-own-password.ts'
export { type AccountForm, type Doer, presentPerson, usableFactors } from './doer.ts'
export { endOtherSessions, endOwnSession, forgetOwnDevice } from './end-sessions.ts'
export { ownMethods, preferOwnFactor, removeOwnFactor, renameOwnPasskey, renewOwnRecoveryCodes } from './own-methods.ts'
export type { AccountPorts, EndedAtApp, FindClient, OwnSession, OwnSessions } from './ports.ts'
