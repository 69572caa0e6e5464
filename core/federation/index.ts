export {
  federatedUsername,
  type IdentityKey,
  identitiesClaim,
  identityText,
  type LinkedIdentity,
} from './federated-profile.ts'
export { providerFor } from './home-realm.ts'
export { KNOWN_PROVIDERS, knownProvider } from './known-providers/index.ts'
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
export { type MappedProfile, mapAttributes } from './map-attributes.ts'
export {
  isProviderAddress,
  OAuthProviderSettings,
  OidcProviderSettings,
  PROVIDER_TYPES,
  type ProviderTrust,
  type ProviderType,
} from './provider-settings.ts'
