export { accountContent } from './account-contents.ts'
export {
  ACCOUNT_PAGES,
  type AccountPage,
  type AccountPlace,
  accountPage,
  accountPath,
  accountPlace,
} from './account-places.ts'
export type { AccountContent, AccountView } from './account-view.ts'
export { confirmContactChange, dropContactChange, startContactChange } from './change-contact.ts'
export { changeOwnPassword } from './change-own-password.ts'
export { askOwnDeletion, carryOutDeletions, deletionBehindUndo, keepingToken, undoDeletion } from './delete-account.ts'
export { type AccountForm, type Doer, presentPerson } from './doer.ts'
export { endOtherSessions, endOwnSession, forgetOwnDevice } from './end-sessions.ts'
export { askOwnExport, downloadOwnExport, makeExports } from './export-data.ts'
export { disownSignIn } from './own-activity.ts'
export { mayConnect, unlinkOwnIdentity } from './own-identities.ts'
export { preferOwnFactor, removeOwnFactor, renameOwnPasskey, renewOwnRecoveryCodes } from './own-methods.ts'
export { changeOwnProfile, chooseOwnLanguage } from './own-profile.ts'
export type { PersonalPorts } from './personal-contents.ts'
export type { AccountPorts, FindClient, OwnSession, OwnSessions } from './ports.ts'
export { proofToAskFor } from './proof-to-ask-for.ts'
export { revokeOwnApp } from './revoke-app.ts'
export { contactBehindUndo, undoContactChange } from './undo-contact.ts'
