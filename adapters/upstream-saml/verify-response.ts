import { checkStatus } from '#adapters/saml/message-checks.ts'
import { signaturesBelow } from '#adapters/saml/message-shape.ts'
import { ASSERTION } from '#adapters/saml/names.ts'
import { readPosted } from '#adapters/saml/post-binding.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { verifiedBytes } from '#adapters/saml/verified-bytes.ts'
import { MESSAGE_LIMITS, onlyChild, readXml } from '#adapters/saml/xml/read-xml.ts'
import type { UpstreamIdentity } from '#core/federation/ports.ts'
import type { SamlSettings } from '#core/federation/saml-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { type CheckedAssertion, checkAssertion } from './check-assertion.ts'
import { checkResponse, type Expected } from './check-response.ts'
import { decryptAssertion } from './decrypt-assertion.ts'
import { readIdentity } from './read-identity.ts'
import { assertionShapeRefusal, responseShapeRefusal } from './response-shape.ts'

export interface Verification {
  expected: Expected
  settings: Pick<
    SamlSettings,
    'requireSignedResponse' | 'requireSignedAssertion' | 'allowSha1' | 'encryptedAssertions' | 'subjectAttribute'
  >
  /** PEM, of the provider's metadata. */
  certificates: readonly string[]
  /** PEM of our private keys for what is encrypted to us. */
  decryptionKeys: readonly string[]
}

export interface VerifiedResponse {
  identity: UpstreamIdentity
  assertion: Pick<CheckedAssertion, 'id' | 'usableUntil'>
}

const isSigned = (element: Element): boolean => signaturesBelow(element).length > 0

/** A document, and an element of it. */
interface Part {
  text: string
  root: Element
}

/** What of the part its own signature vouches for, read anew from those bytes; null: it has no signature. */
const verifiedPart = ({ text, root }: Part, certificates: readonly string[]): Result<Part | null> => {
  if (!isSigned(root)) return ok(null)
  const bytes = verifiedBytes(text, root, certificates)
  if (!bytes.ok) return bytes
  const read = readXml(bytes.value, MESSAGE_LIMITS)
  return read.ok ? ok({ text: bytes.value, root: read.value }) : read
}

/** The assertion as it can be read: itself, or what the encrypted one contains. */
const openAssertion = (
  received: Part,
  verified: Part | null,
  how: Verification,
): Result<Part & { isOpened: boolean }> => {
  const encrypted = onlyChild((verified ?? received).root, ASSERTION, 'EncryptedAssertion')
  if (encrypted === null) {
    // In the document as it came: its signature may lean on namespaces declared around it.
    const root = onlyChild(received.root, ASSERTION, 'Assertion')
    if (root === null) return refuse('assertion-missing')
    if (how.settings.encryptedAssertions === 'required') return refuse('encryption-required')
    return ok({ text: received.text, root, isOpened: false })
  }
  if (how.settings.encryptedAssertions === 'refused') return refuse('encryption-refused')
  const opened = decryptAssertion(encrypted, verified !== null, how.decryptionKeys)
  if (!opened.ok) return opened
  const read = readXml(opened.value, MESSAGE_LIMITS)
  if (!read.ok) return read
  const refusal = assertionShapeRefusal(read.value, how.settings.allowSha1)
  return refusal === null ? ok({ text: opened.value, root: read.value, isOpened: true }) : refuse(refusal)
}

/** The assertion in bytes that a signature vouches for: its own, or the response's where that is enough. */
const trustedAssertion = (received: Part, verified: Part | null, how: Verification): Result<Element> => {
  const opened = openAssertion(received, verified, how)
  if (!opened.ok) return opened
  const own = verifiedPart(opened.value, how.certificates)
  if (!own.ok) return own
  if (own.value !== null) return ok(own.value.root)
  if (how.settings.requireSignedAssertion || verified === null) return refuse('assertion-not-signed')
  if (opened.value.isOpened) return ok(opened.value.root)
  const inside = onlyChild(verified.root, ASSERTION, 'Assertion')
  return inside === null ? refuse('assertion-missing') : ok(inside)
}

/**
 * Verifies a posted response from the outside in: bytes, shape, signatures, content. Everything that is believed is read from
 * bytes that a signature of the provider vouches for; an unsigned response, where one is allowed, can refuse but say nothing.
 * Whether the assertion was used before is left to the caller, who has the store.
 *
 * Fails with `upstream-invalid` (one of SAML_REFUSALS in `because`) and `upstream-refused` (what the provider said).
 */
export const verifyResponse = (posted: string | undefined, how: Verification): Result<VerifiedResponse> => {
  const document = readPosted(posted)
  if (!document.ok) return document
  const received = document.value
  const shape = responseShapeRefusal(received.root, how.settings.allowSha1)
  if (shape !== null) return refuse(shape)
  const status = checkStatus(received.root)
  if (!status.ok) return status
  if (how.settings.requireSignedResponse && !isSigned(received.root)) return refuse('response-not-signed')
  const verified = verifiedPart(received, how.certificates)
  if (!verified.ok) return verified
  const assertion = trustedAssertion(received, verified.value, how)
  if (!assertion.ok) return assertion
  const around = checkResponse((verified.value ?? received).root, how.expected, verified.value !== null)
  if (!around.ok) return around
  const checked = checkAssertion(assertion.value, how.expected)
  if (!checked.ok) return checked
  const identity = readIdentity(assertion.value, checked.value, how.settings.subjectAttribute)
  return identity.ok ? ok({ identity: identity.value, assertion: checked.value }) : identity
}
