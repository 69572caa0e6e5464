import type { Departure } from '#core/federation/ports.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { departure } from './departure.ts'
import { checkAnswer, checkStatus, issuerOf } from './message-checks.ts'
import { messageRefusal, signaturesBelow, signaturesRefusal } from './message-shape.ts'
import type { Endpoints } from './metadata-parts.ts'
import { readMoment, writeMoment } from './moment.ts'
import { ASSERTION, PROTOCOL, SUCCESS } from './names.ts'
import { type ReadMessage, readPosted } from './post-binding.ts'
import { type MessageField, readRedirected } from './redirect-binding.ts'
import { refuse } from './refusals.ts'
import type { PoolKey } from './sign-message.ts'
import { verifiedBytes } from './verified-bytes.ts'
import { attributeOf, childrenNamed, everyElement, MESSAGE_LIMITS, onlyChild, readXml, textOf } from './xml/read-xml.ts'
import { element } from './xml/write-xml.ts'

/** Whom a logout is about: as the identity provider named the person and the session, to the letter. */
export interface NamedSession {
  nameId: string
  format: string | null
  nameQualifier: string | null
  spNameQualifier: string | null
  sessionIndex: string | null
}

/** Common to everything we say at a logout. */
export interface SentLogout {
  id: string
  /** Our entity id. */
  issuer: string
  relayState: string | null
  /** Epoch milliseconds. */
  now: number
  /** A logout is always signed (attack 73). */
  key: PoolKey
}

const send = (
  endpoints: Endpoints,
  field: MessageField,
  write: (destination: string) => string,
  sent: SentLogout,
): Departure | null => {
  const location = endpoints.redirect ?? endpoints.post
  if (location === null) return null
  const binding = endpoints.redirect === null ? 'post' : 'redirect'
  return departure(binding, { location, field, xml: write(location), relayState: sent.relayState }, sent.key)
}

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'

const envelope = (destination: string, { id, issuer, now }: SentLogout) => ({
  attributes: {
    'xmlns:samlp': PROTOCOL,
    'xmlns:saml': ASSERTION,
    ID: id,
    Version: '2.0',
    IssueInstant: writeMoment(now),
    Destination: destination,
  },
  issuer: element('saml:Issuer', {}, issuer),
})

/** Asks the other side to end its session of a person; null: it has no address for that. SAML 2.0 Core §3.7.1 */
export const logoutRequest = (
  { logout }: { logout: Endpoints },
  session: NamedSession,
  sent: SentLogout,
): Departure | null =>
  send(
    logout,
    'SAMLRequest',
    (destination) => {
      const { attributes, issuer } = envelope(destination, sent)
      const { format, nameQualifier, spNameQualifier, nameId, sessionIndex } = session
      const name = { Format: format, NameQualifier: nameQualifier, SPNameQualifier: spNameQualifier }
      return element(
        'samlp:LogoutRequest',
        attributes,
        issuer,
        element('saml:NameID', name, nameId),
        sessionIndex === null ? null : element('samlp:SessionIndex', {}, sessionIndex),
      ).xml
    },
    sent,
  )

/** Answers the other side's wish to end a session; null: it has no address for that. SAML 2.0 Core §3.7.2 */
export const logoutResponse = (
  { logoutAnswers }: { logoutAnswers: Endpoints },
  answer: { inResponseTo: string; hasSucceeded: boolean; isPartial?: boolean },
  sent: SentLogout,
): Departure | null =>
  send(
    logoutAnswers,
    'SAMLResponse',
    (destination) => {
      const { attributes, issuer } = envelope(destination, sent)
      const code = answer.hasSucceeded ? SUCCESS : `${STATUS}Responder`
      // SAML 2.0 Core §3.7.3.2: some other participant of the session was not reached.
      const inner = answer.isPartial === true ? element('samlp:StatusCode', { Value: `${STATUS}PartialLogout` }) : null
      const status = element('samlp:Status', {}, element('samlp:StatusCode', { Value: code }, inner))
      return element('samlp:LogoutResponse', { ...attributes, InResponseTo: answer.inResponseTo }, issuer, status).xml
    },
    sent,
  )

/** A logout message as it came to our address for them. */
export interface ReceivedLogout {
  method: 'GET' | 'POST'
  /** As it was requested: the signature is over its characters. */
  url: string
  parameters: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  now: number
}

export interface LogoutRules {
  /** The other side, by its metadata. */
  peer: { entityId: string; certificates: readonly string[] }
  /** Ours. */
  logoutUrl: string
  allowSha1: boolean
  skewMs: number
}

/** The root element in verified bytes: by the query's signature over everything, or by the document's own. */
const readSigned = (
  received: ReceivedLogout,
  field: MessageField,
  name: string,
  rules: LogoutRules,
): Result<Element> => {
  const isQuery = received.method === 'GET'
  const message: Result<ReadMessage> = isQuery
    ? readRedirected(received.url, field, rules.peer.certificates, rules.allowSha1)
    : readPosted(received.parameters[field])
  if (!message.ok) return message
  const { text, root } = message.value
  const shape = messageRefusal(root, name) ?? signaturesRefusal(everyElement(root), [root], rules.allowSha1)
  if (shape !== null) return refuse(shape)
  if (isQuery) return ok(root)
  if (signaturesBelow(root).length === 0) return refuse('response-not-signed', name)
  const bytes = verifiedBytes(text, root, rules.peer.certificates)
  return bytes.ok ? readXml(bytes.value, MESSAGE_LIMITS) : bytes
}

const checkMessage = (root: Element, { now }: ReceivedLogout, rules: LogoutRules): Result<void> => {
  if (issuerOf(root) !== rules.peer.entityId) return refuse('issuer-mismatch', issuerOf(root) ?? 'none')
  const destination = attributeOf(root, 'Destination')
  if (destination !== rules.logoutUrl) return refuse('destination-mismatch', destination ?? 'none')
  const issuedAt = readMoment(attributeOf(root, 'IssueInstant'))
  if (issuedAt === null) return refuse('lifetime-missing', 'IssueInstant')
  if (issuedAt > now + rules.skewMs) return refuse('not-yet-valid', 'IssueInstant')
  return ok(undefined)
}

/** How long a request to log out is worth anything where it does not say so itself. */
const REQUEST_LIFE_MS = 300_000

export interface LogoutWish {
  /** To be answered as `inResponseTo`, and to be used once (see AssertionIds). */
  id: string
  nameId: string
  /** Empty: every session of that person. */
  sessionIndexes: readonly string[]
  /** Epoch milliseconds after which it would be refused as expired. */
  usableUntil: number
}

/** Fails with `upstream-invalid`; the caller sees to it that the id is used once. */
export const readLogoutRequest = (received: ReceivedLogout, rules: LogoutRules): Result<LogoutWish> => {
  const signed = readSigned(received, 'SAMLRequest', 'LogoutRequest', rules)
  if (!signed.ok) return signed
  const root = signed.value
  const checked = checkMessage(root, received, rules)
  if (!checked.ok) return checked
  const said = attributeOf(root, 'NotOnOrAfter')
  const issuedAt = readMoment(attributeOf(root, 'IssueInstant')) ?? received.now
  const end = said === null ? issuedAt + REQUEST_LIFE_MS : readMoment(said)
  if (end === null) return refuse('lifetime-missing', 'NotOnOrAfter')
  if (received.now - rules.skewMs >= end) return refuse('expired', 'LogoutRequest')
  if (end - received.now > 86_400_000) return refuse('lifetime-too-long')
  const name = onlyChild(root, ASSERTION, 'NameID')
  const nameId = name && textOf(name)
  if (!nameId) return refuse('subject-missing')
  return ok({
    id: attributeOf(root, 'ID') ?? '',
    nameId,
    sessionIndexes: childrenNamed(root, PROTOCOL, 'SessionIndex')
      .map(textOf)
      .filter((one) => one !== null),
    usableUntil: end + rules.skewMs,
  })
}

/**
 * Whether the other side has ended its session. Fails with `upstream-invalid` and, where it says that it could not,
 * `upstream-refused`.
 *
 * @param requestId of the request that this browser carried there
 */
export const readLogoutResponse = (received: ReceivedLogout, requestId: string, rules: LogoutRules): Result<void> => {
  const signed = readSigned(received, 'SAMLResponse', 'LogoutResponse', rules)
  if (!signed.ok) return signed
  const checked = checkMessage(signed.value, received, rules)
  if (!checked.ok) return checked
  const answer = checkAnswer(attributeOf(signed.value, 'InResponseTo'), requestId)
  return answer.ok ? checkStatus(signed.value) : answer
}
