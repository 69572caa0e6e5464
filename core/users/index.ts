export {
  type AdministerUserPorts,
  confirmUser,
  deleteUser,
  disableUser,
  enableUser,
  findUser,
  type OnUser,
  signOutEverywhere,
} from './administer-user.ts'
export type { AttributeChanges, AttributeWriter, GivenAttributes } from './attributes.ts'
export {
  attributeChanges,
  attributesOfNewUser,
  checkAttribute,
  emailDomainAllowed,
  isKnownAttribute,
  isReadableAttribute,
  readableAttributes,
  requiredAttributes,
  writableAttributes,
} from './attributes.ts'
export { changeAttributes } from './change-attributes.ts'
export { type CreateUser, type CreateUserPorts, createUser, guessableWords } from './create-user.ts'
export { type InviteUser, type InviteUserPorts, inviteUser } from './invite-user.ts'
export { type MigrateUserPorts, migrateUser } from './migrate-user.ts'
export { foldCase, maskAddress, namesOfUser, parseEmail, parsePhone, parseSignInName, signInName } from './names.ts'
export { type Channel, type Destination, destinationOf, localeOf, shownName } from './reach-user.ts'
export { type ResetPasswordPorts, resetPassword } from './reset-password.ts'
export { type SetPassword, type SetPasswordPorts, setPassword } from './set-password.ts'
export { type SignOutOwnDevices, type SignOutOwnDevicesPorts, signOutOwnDevices } from './sign-out-own-devices.ts'
export { signUpAttributes, signUpNameKinds } from './sign-up-fields.ts'
