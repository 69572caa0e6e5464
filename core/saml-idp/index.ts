export {
  type AssertionContents,
  assertionFor,
  type RefusedStatus,
  statusOfError,
  type Wanted,
  wantedOf,
} from './answer.ts'
export { type AuthnRequest, acceptRequest, CLOCK_SKEW_MS, REQUEST_LIFE_MS } from './authn-request.ts'
export { samlIdpAddresses } from './idp-addresses.ts'
export { type KnownAs, meansSession } from './logout.ts'
export type { SamlApps } from './ports.ts'
export { refuseApp, type SamlAppRefusal } from './refusals.ts'
export { SamlAppSettings, type SamlAppSettingsInput } from './saml-app-settings.ts'
