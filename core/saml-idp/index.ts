export {
  type AssertionContents,
  assertionFor,
  type RefusedStatus,
  type SignInShown,
  statusOfError,
  type Wanted,
  wantedOf,
} from './answer.ts'
export type { SamlAttribute } from './attributes.ts'
export { type AuthnRequest, acceptRequest, CLOCK_SKEW_MS, consumerOf, REQUEST_LIFE_MS } from './authn-request.ts'
export { type KnownAs, type LogoutNamed, meansSession } from './logout.ts'
export type { SamlApps } from './ports.ts'
export { refuseApp, SAML_APP_REFUSALS, type SamlAppRefusal } from './refusals.ts'
export { NAME_FORMATS, SamlAppSettings, type SamlAppSettingsInput } from './saml-app-settings.ts'
