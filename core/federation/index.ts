export {
  addressesForProvider,
  CALLBACK_PATHS,
  PROVIDER_LOGOUT_PATHS,
  samlSpAddresses,
} from './addresses-for-provider.ts'
export { checkProviderSettings, hasSecret } from './check-provider-settings.ts'
export {
  type Directory,
  type DirectoryIdentity,
  directoryOfPerson,
  isDirectory,
  isMadeByDirectory,
  type PasswordOwner,
} from './directory-of-person.ts'
export { checkDirectoryPassword, type DirectoryPasswordPorts, replaceDirectoryPassword } from './directory-password.ts'
export {
  federatedUsername,
  type IdentityKey,
  identitiesClaim,
  identityText,
  isSubject,
  type LinkedIdentity,
} from './federated-profile.ts'
export {
  type FreshUpstreamToken,
  type FreshUpstreamTokenPorts,
  freshUpstreamToken,
} from './fresh-upstream-token.ts'
export { providerFor } from './home-realm.ts'
export { identityAt } from './identity-of.ts'
export { type IdentityProvider, ProviderSettings, providerLabel, providerTypeOf } from './identity-provider.ts'
export { KNOWN_PROVIDERS, knownProvider, unknownProvider } from './known-providers/index.ts'
export { type KnownProvider, settingsOf, unfitWords } from './known-providers/known-provider.ts'
export { LdapProviderSettings, ldapWeaknesses } from './ldap-settings.ts'
export {
  type LinkableUser,
  type LinkDecision,
  type LinkQuestion,
  linkDecision,
  MOST_LINKED_IDENTITIES,
  mayUnlink,
} from './link-decision.ts'
export {
  linkIdentity,
  listIdentities,
  type ManageIdentitiesPorts,
  readUpstreamRecord,
  unlinkIdentity,
} from './manage-identities.ts'
export {
  changeProvider,
  createProvider,
  deleteProvider,
  findProvider,
  type ManageProvidersPorts,
} from './manage-providers.ts'
export { type MappedProfile, mapAttributes } from './map-attributes.ts'
export type {
  IdentityStore,
  ProviderReader,
  ProviderStore,
  TokenRefreshes,
  UpstreamRecord,
  UpstreamSessionStore,
} from './ports.ts'
export { isProviderAddress, PROVIDER_TYPES, type ProviderTrust, type ProviderType } from './provider-common.ts'
export { OAuthProviderSettings, OidcProviderSettings } from './provider-settings.ts'
export { isLastWayIn, type WaysInPorts, waysIn } from './ways-in.ts'
