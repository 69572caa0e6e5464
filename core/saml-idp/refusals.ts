import { fail, type Result } from '../shared/result.ts'

/** Every reason of ours for which a service provider's message is not acted upon, and what it means for its operator. */
export const SAML_APP_REFUSALS = {
  'app-unknown': 'no enabled SAML client of this pool has the entity id that the message names as issuer',
  'request-not-signed': 'the sign-in request has no signature, and this client must sign',
  'request-destination': 'the message was made for another address than the one it came to',
  'request-too-old': 'the sign-in request was made more than five minutes ago, or lies in the future',
  'request-replayed': 'the request, or the answer to it, was used before',
  'response-binding': 'the request wants its answer by another binding than HTTP-POST',
  'consumer-unknown': 'the address or index for the answer is none of those registered for this client',
  'consumer-ambiguous': 'the request names both an address and an index for its answer',
  'relay-state-too-long': 'RelayState is longer than 2,048 characters',
  'unsolicited-off': 'this client takes no sign-ins that it did not ask for',
  'logout-not-offered': 'the client has no certificate to verify a logout with, or no address for the answer',
} as const

export type SamlAppRefusal = keyof typeof SAML_APP_REFUSALS

/** Fails with `saml-request-refused`; the reason is for the log. */
export const refuseApp = (refusal: SamlAppRefusal, detail?: string): Result<never> =>
  fail('saml-request-refused', { because: detail === undefined ? refusal : `${refusal}: ${detail}` })
