import { issuerOf } from '#adapters/saml/message-checks.ts'
import { messageRefusal, signaturesBelow, signaturesRefusal } from '#adapters/saml/message-shape.ts'
import { readMoment } from '#adapters/saml/moment.ts'
import { ASSERTION, PROTOCOL } from '#adapters/saml/names.ts'
import { readPosted } from '#adapters/saml/post-binding.ts'
import { openRedirected, readRedirected } from '#adapters/saml/redirect-binding.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { verifiedBytes } from '#adapters/saml/verified-bytes.ts'
import {
  attributeOf,
  childrenNamed,
  everyElement,
  MESSAGE_LIMITS,
  onlyChild,
  readXml,
  textOf,
} from '#adapters/saml/xml/read-xml.ts'
import type { AuthnRequest } from '#core/saml-idp/authn-request.ts'
import { ok, type Result } from '#core/shared/result.ts'
import type { ReceivedMessage } from './received.ts'

interface OpenedRequest {
  root: Element
  isSigned: boolean
}

/** One AuthnRequest, signed nowhere but as a whole: there is then one way to read it (attack 66). */
const checkShape = (root: Element): Result<void> => {
  const refusal = messageRefusal(root, 'AuthnRequest') ?? signaturesRefusal(everyElement(root), [root], false)
  return refusal === null ? ok(undefined) : refuse(refusal)
}

const openQuery = ({ url }: ReceivedMessage, certificates: readonly string[]): Result<OpenedRequest> => {
  const opened = openRedirected(url, 'SAMLRequest')
  if (!opened.ok) return opened
  const isSigned = opened.value.isSigned && certificates.length > 0
  const message = isSigned ? readRedirected(url, 'SAMLRequest', certificates, false) : opened
  if (!message.ok) return message
  const shape = checkShape(message.value.root)
  return shape.ok ? ok({ root: message.value.root, isSigned }) : shape
}

const openForm = ({ parameters }: ReceivedMessage, certificates: readonly string[]): Result<OpenedRequest> => {
  const message = readPosted(parameters.SAMLRequest)
  if (!message.ok) return message
  const { text, root } = message.value
  const shape = checkShape(root)
  if (!shape.ok) return shape
  if (certificates.length === 0 || signaturesBelow(root).length === 0) return ok({ root, isSigned: false })
  const bytes = verifiedBytes(text, root, certificates)
  if (!bytes.ok) return bytes
  const verified = readXml(bytes.value, MESSAGE_LIMITS)
  return verified.ok ? ok({ root: verified.value, isSigned: true }) : verified
}

const COMPARISONS = ['exact', 'minimum', 'maximum', 'better'] as const
const isTrue = (root: Element, name: string): boolean => ['true', '1'].includes(attributeOf(root, name) ?? '')

const contextsOf = (root: Element): Result<Pick<AuthnRequest, 'contexts' | 'comparison'>> => {
  const requested = onlyChild(root, PROTOCOL, 'RequestedAuthnContext')
  if (requested === null)
    return childrenNamed(root, PROTOCOL, 'RequestedAuthnContext').length > 0
      ? refuse('wrong-message', 'RequestedAuthnContext')
      : ok({ contexts: [], comparison: 'exact' })
  const said = attributeOf(requested, 'Comparison') ?? 'exact'
  const comparison = COMPARISONS.find((one) => one === said)
  const references = childrenNamed(requested, ASSERTION, 'AuthnContextClassRef').map(textOf)
  const contexts = references.filter((one) => one !== null)
  return comparison === undefined || contexts.length < references.length || contexts.length === 0
    ? refuse('wrong-message', 'RequestedAuthnContext')
    : ok({ contexts: contexts.map((one) => one.trim()), comparison })
}

const indexOf = (root: Element): number | null => {
  const text = attributeOf(root, 'AssertionConsumerServiceIndex')
  // No registered index: an index that is none is not left out.
  return text === null ? null : /^\d{1,5}$/.test(text) ? Number(text) : -1
}

const subjectOf = (root: Element): string | null => {
  const subject = onlyChild(root, ASSERTION, 'Subject')
  const name = subject && onlyChild(subject, ASSERTION, 'NameID')
  return name && textOf(name)
}

/**
 * A sign-in request (SAML 2.0 Core §3.4.1), from verified bytes where it is signed and the client's keys are known. A signature
 * that does not hold is a refusal; that one is missing is for the rules to judge (`isSigned`). Fails with `upstream-invalid`.
 *
 * @param certificates PEM, of the client that the message claims to be from; the issuer read here is the one that counts
 */
export const readAuthnRequest = (
  received: ReceivedMessage,
  { entityId, certificates }: { entityId: string; certificates: readonly string[] },
): Result<AuthnRequest> => {
  const opened = received.method === 'GET' ? openQuery(received, certificates) : openForm(received, certificates)
  if (!opened.ok) return opened
  const { root, isSigned } = opened.value
  const issuer = issuerOf(root)
  if (issuer !== entityId) return refuse('issuer-mismatch', issuer ?? 'none')
  const issuedAt = readMoment(attributeOf(root, 'IssueInstant'))
  if (issuedAt === null) return refuse('lifetime-missing', 'IssueInstant')
  const contexts = contextsOf(root)
  if (!contexts.ok) return contexts
  const policy = onlyChild(root, PROTOCOL, 'NameIDPolicy')
  return ok({
    id: attributeOf(root, 'ID') ?? '',
    issuer,
    isSigned,
    destination: attributeOf(root, 'Destination'),
    issuedAt,
    acsUrl: attributeOf(root, 'AssertionConsumerServiceURL'),
    acsIndex: indexOf(root),
    protocolBinding: attributeOf(root, 'ProtocolBinding'),
    nameIdFormat: policy && attributeOf(policy, 'Format'),
    forceAuthn: isTrue(root, 'ForceAuthn'),
    isPassive: isTrue(root, 'IsPassive'),
    ...contexts.value,
    subject: subjectOf(root),
  })
}
