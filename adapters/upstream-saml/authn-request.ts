import type { Departure } from '#core/federation/ports.ts'
import { writeMoment } from './moment.ts'
import { ASSERTION, POST_BINDING, PROTOCOL } from './names.ts'
import { postField } from './post-binding.ts'
import { type MessageField, redirectUrl } from './redirect-binding.ts'
import { type PoolKey, signMessage } from './sign-message.ts'
import { element } from './xml/write-xml.ts'

export interface AuthnRequest {
  id: string
  issuer: string
  destination: string
  acsUrl: string
  /** URN; null: any. */
  nameIdFormat: string | null
  forceAuthn: boolean
  /** One of them is to be met exactly; empty: none is asked for. */
  contexts: readonly string[]
  /** Epoch milliseconds. */
  now: number
}

/** SAML 2.0 Core §3.4.1 */
export const authnRequestXml = (request: AuthnRequest): string => {
  const { nameIdFormat, contexts } = request
  return element(
    'samlp:AuthnRequest',
    {
      'xmlns:samlp': PROTOCOL,
      'xmlns:saml': ASSERTION,
      ID: request.id,
      Version: '2.0',
      IssueInstant: writeMoment(request.now),
      Destination: request.destination,
      ForceAuthn: request.forceAuthn ? 'true' : null,
      ProtocolBinding: POST_BINDING,
      AssertionConsumerServiceURL: request.acsUrl,
    },
    element('saml:Issuer', {}, request.issuer),
    nameIdFormat === null ? null : element('samlp:NameIDPolicy', { Format: nameIdFormat, AllowCreate: 'true' }),
    contexts.length === 0
      ? null
      : element(
          'samlp:RequestedAuthnContext',
          { Comparison: 'exact' },
          ...contexts.map((context) => element('saml:AuthnContextClassRef', {}, context)),
        ),
  ).xml
}

/**
 * A message on its way with the browser: signed in the query, or inside the form's document. RelayState goes along unchanged.
 *
 * @param key null: unsigned
 */
export const departure = (
  binding: 'redirect' | 'post',
  {
    location,
    field,
    xml,
    relayState,
  }: { location: string; field: MessageField; xml: string; relayState: string | null },
  key: PoolKey | null,
): Departure =>
  binding === 'redirect'
    ? { kind: 'redirect', url: redirectUrl(location, field, xml, relayState, key?.privateKey ?? null) }
    : {
        kind: 'post',
        action: location,
        fields: {
          [field]: postField(key === null ? xml : signMessage(xml, key)),
          ...(relayState === null ? {} : { RelayState: relayState }),
        },
      }
