import { writeMoment } from '#adapters/saml/moment.ts'
import { ASSERTION, POST_BINDING, PROTOCOL } from '#adapters/saml/names.ts'
import { element } from '#adapters/saml/xml/write-xml.ts'

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
