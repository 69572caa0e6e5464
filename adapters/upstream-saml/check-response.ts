import { fail, ok, type Result } from '#core/shared/result.ts'
import { readMoment } from './moment.ts'
import { ASSERTION, PROTOCOL, SUCCESS } from './names.ts'
import { forTheLog, refuse } from './refusals.ts'
import { attributeOf, childrenNamed, onlyChild, textOf } from './xml/read-xml.ts'

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

const lastPart = (urn: string): string => urn.slice(urn.lastIndexOf(':') + 1)

/** The provider's own "no", which nothing needs to vouch for: it signs nobody in. Null: it said yes. */
const refusalByProvider = (response: Element): string | null => {
  const status = onlyChild(response, PROTOCOL, 'Status')
  const code = status && onlyChild(status, PROTOCOL, 'StatusCode')
  const value = code === null ? '' : (attributeOf(code, 'Value') ?? '')
  if (value === SUCCESS) return null
  const inner = code && onlyChild(code, PROTOCOL, 'StatusCode')
  const message = status && onlyChild(status, PROTOCOL, 'StatusMessage')
  const said = [lastPart(value), inner && lastPart(attributeOf(inner, 'Value') ?? ''), message && textOf(message)]
  return forTheLog(said.filter(Boolean).join(', '))
}

/** Fails with `upstream-refused` where the provider says that it did not sign the person in. */
export const checkStatus = (response: Element): Result<void> => {
  const refusal = refusalByProvider(response)
  return refusal === null ? ok(undefined) : fail('upstream-refused', { because: `status-refused: ${refusal}` })
}

/** SAML 2.0 Profiles §4.1.4.3: `InResponseTo` is what binds an answer to the browser that asked (attack 39). */
export const checkAnswer = (inResponseTo: string | null, requestId: string | null): Result<void> => {
  if (inResponseTo === requestId) return ok(undefined)
  return inResponseTo === null ? refuse('unsolicited') : refuse('answers-another-request')
}

/** The issuer of a message or an assertion; null: there is none, or it is not plain. */
export const issuerOf = (element: Element): string | null => {
  const issuer = onlyChild(element, ASSERTION, 'Issuer')
  return issuer && textOf(issuer)
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
