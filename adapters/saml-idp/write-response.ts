import { writeMoment } from '#adapters/saml/moment.ts'
import { ASSERTION, BEARER, PROTOCOL, SUCCESS } from '#adapters/saml/names.ts'
import { type PoolKey, signMessage } from '#adapters/saml/sign-message.ts'
import { element, type XmlPiece } from '#adapters/saml/xml/write-xml.ts'
import type { AssertionContents, RefusedStatus } from '#core/saml-idp/answer.ts'
import { encryptedAssertion } from './encrypt-assertion.ts'

/** Common to what is said in one response. */
export interface ResponseFacts {
  /** Our entity id. */
  issuer: string
  key: PoolKey
  /** Two xs:IDs that were never used before. */
  responseId: string
  assertionId: string
  destination: string
  /** Null: nobody asked. */
  inResponseTo: string | null
  /** Epoch milliseconds. */
  now: number
}

const NAMES = { 'xmlns:saml': ASSERTION }
const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'

const subjectOf = (contents: AssertionContents): XmlPiece =>
  element(
    'saml:Subject',
    {},
    element('saml:NameID', { Format: contents.nameId.format }, contents.nameId.value),
    element(
      'saml:SubjectConfirmation',
      { Method: BEARER },
      element('saml:SubjectConfirmationData', {
        NotOnOrAfter: writeMoment(contents.notOnOrAfter),
        Recipient: contents.recipient,
        InResponseTo: contents.inResponseTo,
      }),
    ),
  )

const attributesOf = ({ attributes }: AssertionContents): XmlPiece | null =>
  attributes.length === 0
    ? null
    : element(
        'saml:AttributeStatement',
        {},
        ...attributes.map(({ name, nameFormat, values }) =>
          element(
            'saml:Attribute',
            { Name: name, NameFormat: nameFormat },
            ...values.map((value) => element('saml:AttributeValue', {}, value)),
          ),
        ),
      )

/** SAML 2.0 Core §2.3.3, in the order its schema wants; signed as a document of its own, so that it stands without its response. */
const signedAssertion = (contents: AssertionContents, { issuer, key, assertionId, now }: ResponseFacts): string => {
  const { xml } = element(
    'saml:Assertion',
    { ...NAMES, ID: assertionId, Version: '2.0', IssueInstant: writeMoment(now) },
    element('saml:Issuer', {}, issuer),
    subjectOf(contents),
    element(
      'saml:Conditions',
      { NotBefore: writeMoment(contents.notBefore), NotOnOrAfter: writeMoment(contents.notOnOrAfter) },
      element('saml:AudienceRestriction', {}, element('saml:Audience', {}, contents.audience)),
    ),
    element(
      'saml:AuthnStatement',
      { AuthnInstant: writeMoment(contents.authenticatedAt), SessionIndex: contents.sessionIndex },
      element('saml:AuthnContext', {}, element('saml:AuthnContextClassRef', {}, contents.classRef)),
    ),
    attributesOf(contents),
  )
  return signMessage(xml, key)
}

const signedResponse = (facts: ResponseFacts, status: XmlPiece, assertion: string | null): string => {
  const { xml } = element(
    'samlp:Response',
    {
      'xmlns:samlp': PROTOCOL,
      ...NAMES,
      ID: facts.responseId,
      Version: '2.0',
      IssueInstant: writeMoment(facts.now),
      Destination: facts.destination,
      InResponseTo: facts.inResponseTo,
    },
    element('saml:Issuer', {}, facts.issuer),
    element('samlp:Status', {}, status),
    assertion === null ? null : { xml: assertion },
  )
  return signMessage(xml, facts.key)
}

/**
 * A response with one assertion, both signed (RSA-SHA256, exclusive canonicalisation).
 *
 * @param encryptFor PEM: the assertion is encrypted to this certificate, signed first; null: it is not
 * @see SAML 2.0 Profiles §4.1.4.2
 */
export const successXml = async (
  contents: AssertionContents,
  facts: ResponseFacts,
  encryptFor: string | null,
): Promise<string> => {
  const assertion = signedAssertion(contents, facts)
  return signedResponse(
    facts,
    element('samlp:StatusCode', { Value: SUCCESS }),
    encryptFor === null ? assertion : await encryptedAssertion(assertion, encryptFor),
  )
}

/** A signed response without an assertion. SAML 2.0 Core §3.2.2.2 */
export const refusalXml = (status: RefusedStatus, facts: ResponseFacts): string => {
  const level = status === 'InvalidNameIDPolicy' ? 'Requester' : 'Responder'
  const inner = element('samlp:StatusCode', { Value: `${STATUS}${status}` })
  return signedResponse(facts, element('samlp:StatusCode', { Value: `${STATUS}${level}` }, inner), null)
}
