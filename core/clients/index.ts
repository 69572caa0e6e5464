export { ACCOUNT_CLIENT_ID, accountClient } from './account-client.ts'
export { isRegisteredCallback } from './callback.ts'
export { type ChangeClient, changeClient, deleteClient, findClient } from './change-client.ts'
export { checkClientSettings } from './check-client.ts'
export { addClientSecret, type ClientSecretPorts, removeClientSecret } from './client-secrets.ts'
export {
  ClientName,
  type CreateClient,
  type CreateClientPorts,
  createClient,
  GivenSecret,
  type NewClient,
  secretHash,
} from './create-client.ts'
export type { ClientReader, ClientStore, StoredSecret } from './ports.ts'
export { asAuthorizationClient, SAML_CONTINUE_PATH } from './saml-client.ts'
export { type AskedOfSignOut, type SignOutTarget, signOutTarget } from './sign-out-target.ts'
