import { fail, ok, type Result } from '#core/shared/result.ts'
import { ASSERTION, PROTOCOL, SUCCESS } from './names.ts'
import { forTheLog, refuse } from './refusals.ts'
import { attributeOf, onlyChild, textOf } from './xml/read-xml.ts'

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
