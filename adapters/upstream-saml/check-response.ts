import { checkAnswer, issuerOf } from '#adapters/saml/message-checks.ts'
import { readMoment } from '#adapters/saml/moment.ts'
import { ASSERTION } from '#adapters/saml/names.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { attributeOf, childrenNamed } from '#adapters/saml/xml/read-xml.ts'
import type { Result } from '#core/shared/result.ts'

/** What a response to this journey has to say. */
export interface Expected {
  /** Entity id of the provider. */
  issuer: string
  /** Ours. */
  audience: string
  /** Address the response was made for and came to. */
  acsUrl: string
  /** ID of the request this browser made; null: none was made, and that is allowed here. */
  requestId: string | null
  /** Epoch milliseconds at which a fresh authentication was asked for; null: it was not. */
  freshSince: number | null
  /** Contexts asked for; empty: any. */
  contexts: readonly string[]
  /** Epoch milliseconds. */
  now: number
  skewMs: number
}

/** @param isSigned a signed message always says where it goes (SAML 2.0 Bindings §3.5.5.2) */
export const checkResponse = (response: Element, expected: Expected, isSigned: boolean): Result<void> => {
  const named = childrenNamed(response, ASSERTION, 'Issuer').length > 0
  if (named && issuerOf(response) !== expected.issuer) return refuse('issuer-mismatch', issuerOf(response) ?? '')
  const destination = attributeOf(response, 'Destination')
  if (destination !== expected.acsUrl && (destination !== null || isSigned))
    return refuse('destination-mismatch', destination ?? 'none')
  const issuedAt = readMoment(attributeOf(response, 'IssueInstant'))
  if (issuedAt === null) return refuse('lifetime-missing', 'IssueInstant')
  if (issuedAt > expected.now + expected.skewMs) return refuse('not-yet-valid', 'IssueInstant of the response')
  return checkAnswer(attributeOf(response, 'InResponseTo'), expected.requestId)
}
