import { ok, type Result } from '../shared/result.ts'
import { refuseApp } from './refusals.ts'
import type { SamlAppSettings } from './saml-app-settings.ts'

/** What a service provider asks for (SAML 2.0 Core §3.4.1). Read from verified bytes, or from an unsigned message. */
export interface AuthnRequest {
  id: string
  /** Entity id of the service provider. */
  issuer: string
  isSigned: boolean
  destination: string | null
  /** Epoch milliseconds. */
  issuedAt: number
  acsUrl: string | null
  acsIndex: number | null
  /** URN; null: not said. */
  protocolBinding: string | null
  /** URN; null: not said. */
  nameIdFormat: string | null
  forceAuthn: boolean
  isPassive: boolean
  /** Class references asked for; empty: any will do. */
  contexts: readonly string[]
  comparison: 'exact' | 'minimum' | 'maximum' | 'better'
  /** Whom the app thinks it is; a hint, and no more. */
  subject: string | null
}

/** How long a request is worth anything. */
export const REQUEST_LIFE_MS = 300_000
export const CLOCK_SKEW_MS = 60_000
const RELAY_STATE_CHARACTERS = 2048
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/**
 * Where the answer goes: an address of the client's own, found by address or by index, to the letter (attack 16). Fails with
 * `saml-request-refused`.
 *
 * @see SAML 2.0 Core §3.4.1, Profiles §4.1.4.1
 */
const consumerOf = (
  { assertionConsumers }: Pick<SamlAppSettings, 'assertionConsumers'>,
  { acsUrl, acsIndex, protocolBinding }: Pick<AuthnRequest, 'acsUrl' | 'acsIndex' | 'protocolBinding'>,
): Result<string> => {
  if (protocolBinding !== null && protocolBinding !== POST) return refuseApp('response-binding')
  if (acsUrl !== null && acsIndex !== null) return refuseApp('consumer-ambiguous')
  const found = assertionConsumers.find(({ url, index }) =>
    acsUrl !== null ? url === acsUrl : acsIndex === null || index === acsIndex,
  )
  return found === undefined ? refuseApp('consumer-unknown') : ok(found.url)
}

/**
 * Whether a request may be answered at all, and where. Whoever fails here gets a page, and nothing goes to any address of the
 * request's. Fails with `saml-request-refused`.
 *
 * @param ssoUrl where it came to
 * @param now epoch milliseconds
 */
export const acceptRequest = (
  settings: SamlAppSettings,
  request: AuthnRequest,
  { ssoUrl, relayState, now }: { ssoUrl: string; relayState: string | null; now: number },
): Result<string> => {
  if (settings.requireSignedRequests && !request.isSigned) return refuseApp('request-not-signed')
  // A signed message always says where it goes (SAML 2.0 Bindings §3.4.5.2): one for another provider is no good here.
  if (request.destination !== ssoUrl && (request.destination !== null || request.isSigned))
    return refuseApp('request-destination')
  if (request.issuedAt > now + CLOCK_SKEW_MS || request.issuedAt + REQUEST_LIFE_MS + CLOCK_SKEW_MS <= now)
    return refuseApp('request-too-old')
  if (relayState !== null && relayState.length > RELAY_STATE_CHARACTERS) return refuseApp('relay-state-too-long')
  return consumerOf(settings, request)
}
