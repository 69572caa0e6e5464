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
  type EndSessionsByProviderPorts,
  endSessionsByProvider,
  refuseEndByProvider,
} from './end-sessions-by-provider.ts'
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
export { type IdentityProvider, labelOf, providerTypeOf } from './identity-provider.ts'
export { KNOWN_PROVIDERS, knownProvider, unknownProvider } from './known-providers/index.ts'
export { settingsOf } from './known-providers/known-provider.ts'
export { LdapProviderSettings, ldapWeaknesses } from './ldap-settings.ts'
export {
  type LinkableUser,
  type LinkDecision,
  linkDecision,
  MOST_LINKED_IDENTITIES,
} from './link-decision.ts'
export {
  linkIdentity,
  listIdentities,
  readUpstreamRecord,
  unlinkIdentity,
} from './manage-identities.ts'
export {
  changeProvider,
  createProvider,
  deleteProvider,
  findProvider,
} from './manage-providers.ts'
export { type MappedProfile, mapAttributes } from './map-attributes.ts'
export { nameThere } from './name-there.ts'
export type {
  IdentityStore,
  ProviderReader,
  ProviderStore,
  TokenRefreshes,
  UpstreamSessionStore,
} from './ports.ts'
export {
  type ProviderType,
  signsPeopleIn,
} from './provider-common.ts'
export { OAuthProviderSettings, OidcProviderSettings, ProviderSettings } from './provider-settings.ts'
export { isLastWayIn, waysIn } from './ways-in.ts'
