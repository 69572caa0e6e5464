import { checkAnswer, issuerOf } from '#adapters/saml/message-checks.ts'
import { readMoment } from '#adapters/saml/moment.ts'
import { ASSERTION, BEARER } from '#adapters/saml/names.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { attributeOf, childrenNamed, childrenOf, isNamed, onlyChild, textOf } from '#adapters/saml/xml/read-xml.ts'
import { ok, type Result } from '#core/shared/result.ts'
import type { Expected } from './check-response.ts'

const DAY_MS = 86_400_000

/** The bounds that are there hold, with the skew on either side; a time that is none never holds. */
const checkBounds = (element: Element, { now, skewMs }: Expected, what: string): Result<void> => {
  const [from, until] = ['NotBefore', 'NotOnOrAfter'].map((name) => attributeOf(element, name))
  const [first, end] = [readMoment(from ?? null), readMoment(until ?? null)]
  if ((from !== null && first === null) || (until !== null && end === null)) return refuse('lifetime-missing', what)
  if (first !== null && now + skewMs < first) return refuse('not-yet-valid', `${what}: ${from}`)
  if (end !== null && now - skewMs >= end) return refuse('expired', `${what}: ${until}`)
  return ok(undefined)
}

const CONDITIONS = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']

/** SAML 2.0 Core §2.5.1: a condition that is not understood makes the assertion one that may not be relied upon. */
const checkConditions = (assertion: Element, expected: Expected): Result<void> => {
  const conditions = onlyChild(assertion, ASSERTION, 'Conditions')
  if (conditions === null) return refuse('audience-missing')
  const bounds = checkBounds(conditions, expected, 'Conditions')
  if (!bounds.ok) return bounds
  const unknown = childrenOf(conditions).find((one) => !CONDITIONS.some((name) => isNamed(one, ASSERTION, name)))
  if (unknown) return refuse('condition-unknown', unknown.localName)
  const restrictions = childrenNamed(conditions, ASSERTION, 'AudienceRestriction')
  if (restrictions.length === 0) return refuse('audience-missing')
  for (const restriction of restrictions) {
    const audiences = childrenNamed(restriction, ASSERTION, 'Audience').map(textOf)
    if (!audiences.includes(expected.audience)) return refuse('audience-mismatch', audiences.join(' '))
  }
  return ok(undefined)
}

/** When the confirmation ends. SAML 2.0 Profiles §4.1.4.2: it has a recipient, an end, and the request it answers. */
const checkBearer = (confirmation: Element, expected: Expected): Result<number> => {
  const data = onlyChild(confirmation, ASSERTION, 'SubjectConfirmationData')
  if (data === null) return refuse('confirmation-missing')
  const recipient = attributeOf(data, 'Recipient')
  if (recipient !== expected.acsUrl) return refuse('recipient-mismatch', recipient ?? 'none')
  const end = readMoment(attributeOf(data, 'NotOnOrAfter'))
  if (end === null) return refuse('lifetime-missing', 'SubjectConfirmationData')
  const bounds = checkBounds(data, expected, 'SubjectConfirmationData')
  if (!bounds.ok) return bounds
  if (end - expected.now > DAY_MS) return refuse('lifetime-too-long')
  const answer = checkAnswer(attributeOf(data, 'InResponseTo'), expected.requestId)
  return answer.ok ? ok(end) : answer
}

/** One bearer confirmation that holds is enough (SAML 2.0 Core §2.4.1.1); where none does, the first says why. */
const checkConfirmations = (subject: Element, expected: Expected): Result<number> => {
  const bearers = childrenNamed(subject, ASSERTION, 'SubjectConfirmation').filter(
    (one) => attributeOf(one, 'Method') === BEARER,
  )
  const results = bearers.map((one) => checkBearer(one, expected))
  const ends = results.filter((one) => one.ok).map(({ value }) => value)
  return ends.length > 0 ? ok(Math.max(...ends)) : (results[0] ?? refuse('confirmation-missing'))
}

const checkAuthentication = (assertion: Element, expected: Expected): Result<Element> => {
  const statement = onlyChild(assertion, ASSERTION, 'AuthnStatement')
  const at = statement && readMoment(attributeOf(statement, 'AuthnInstant'))
  if (statement === null || at === null) return refuse('authentication-missing')
  if (at > expected.now + expected.skewMs) return refuse('not-yet-valid', 'AuthnInstant')
  const sessionEnd = attributeOf(statement, 'SessionNotOnOrAfter')
  const end = readMoment(sessionEnd)
  if (sessionEnd !== null && end === null) return refuse('lifetime-missing', 'SessionNotOnOrAfter')
  if (end !== null && expected.now - expected.skewMs >= end) return refuse('expired', 'SessionNotOnOrAfter')
  if (expected.freshSince !== null && at < expected.freshSince - expected.skewMs)
    return refuse('authentication-not-fresh')
  const context = contextOf(statement)
  if (expected.contexts.length > 0 && !expected.contexts.includes(context ?? ''))
    return refuse('authentication-context', context ?? 'none')
  return ok(statement)
}

export const contextOf = (statement: Element): string | null => {
  const context = onlyChild(statement, ASSERTION, 'AuthnContext')
  const reference = context && onlyChild(context, ASSERTION, 'AuthnContextClassRef')
  return reference && textOf(reference)
}

export interface CheckedAssertion {
  id: string
  subject: Element
  statement: Element
  /** Epoch milliseconds after which it would be refused as expired, skew included. */
  usableUntil: number
}

/** Whether an assertion is by this provider, for us, for this browser and for now (attack 72). Reads verified bytes alone. */
export const checkAssertion = (assertion: Element, expected: Expected): Result<CheckedAssertion> => {
  if (!isNamed(assertion, ASSERTION, 'Assertion') || attributeOf(assertion, 'Version') !== '2.0')
    return refuse('wrong-message')
  const id = attributeOf(assertion, 'ID')
  if (!id) return refuse('duplicate-id')
  const issuer = issuerOf(assertion)
  if (issuer !== expected.issuer) return refuse('issuer-mismatch', issuer ?? 'none')
  const issuedAt = readMoment(attributeOf(assertion, 'IssueInstant'))
  if (issuedAt === null) return refuse('lifetime-missing', 'IssueInstant')
  if (issuedAt > expected.now + expected.skewMs) return refuse('not-yet-valid', 'IssueInstant of the assertion')
  const subject = onlyChild(assertion, ASSERTION, 'Subject')
  if (subject === null) return refuse('subject-missing')
  const conditions = checkConditions(assertion, expected)
  if (!conditions.ok) return conditions
  const confirmed = checkConfirmations(subject, expected)
  if (!confirmed.ok) return confirmed
  const statement = checkAuthentication(assertion, expected)
  if (!statement.ok) return statement
  return ok({ id, subject, statement: statement.value, usableUntil: confirmed.value + expected.skewMs })
}
