import { fail, type Result } from '#core/shared/result.ts'

/** Every reason for which a message or a document of an identity provider is refused, and what it means for its operator. */
export const SAML_REFUSALS = {
  // The bytes
  'message-missing': 'no SAMLResponse, SAMLRequest or Signature where one is needed, or a parameter twice',
  'message-encoding': 'the message is not base64, not deflated, or not UTF-8',
  'message-too-large': 'the message is larger than allowed, before or after it is inflated',
  'xml-dtd': 'the document declares a document type or entities',
  'xml-comment': 'the document has a comment',
  'xml-processing-instruction': 'the document has a processing instruction',
  'xml-cdata': 'the document has a CDATA section',
  'xml-entity': 'the document uses an entity that XML itself does not define',
  'xml-malformed': 'the document is not well-formed XML 1.0 with namespaces',
  'xml-too-complex': 'the document nests too deeply, or has too many elements, names or attributes',
  // The shape
  'wrong-message': 'the document is of another kind than expected here, or not of version 2.0',
  'duplicate-id': 'an identifier is used twice in the document, or is none',
  'response-inside-response': 'a second Response is inside the response',
  'response-inside-signature': 'a Response is inside a signature',
  'assertion-missing': 'the response has no assertion',
  'several-assertions': 'the response has more than one assertion',
  'assertion-inside-assertion': 'an assertion is inside an assertion',
  'assertion-inside-signature': 'an assertion is inside a signature',
  'assertion-misplaced': 'the assertion is not a child of the response, or is of a foreign namespace',
  // The signatures
  'response-not-signed': 'the response has no signature of its own',
  'assertion-not-signed': 'the assertion has no signature of its own',
  'signature-misplaced': 'a signature is anywhere but directly below what it signs',
  'several-signatures': 'one element has several signatures',
  'signature-object': 'a signature carries content of its own',
  'signature-shape': 'a signature has not exactly one SignedInfo with one Reference, or values that are not base64',
  'signature-reference': 'a signature refers to something else than the element it is in',
  'signature-transform': 'a signature uses a transform other than enveloped-signature and exclusive canonicalisation',
  'signature-canonicalization': 'a signature uses a canonicalisation other than the exclusive one without comments',
  'signature-hmac': 'a signature is made with a shared secret',
  'signature-sha1': 'a signature or digest uses SHA-1, which this provider does not allow',
  'signature-algorithm': 'a signature or digest uses an algorithm that is not on the list',
  'certificate-unknown': 'the message names a certificate that the metadata does not',
  'signature-invalid': 'the signature does not match the content under any certificate of the metadata',
  // Encryption
  'encryption-refused': 'the assertion is encrypted, which this provider does not allow',
  'encryption-required': 'the assertion is not encrypted, which this provider requires',
  'encryption-shape': 'the encrypted assertion is not one key and one ciphertext in the usual places',
  'encryption-algorithm': 'the encryption uses an algorithm that is not on the list',
  'encryption-unauthenticated': 'the encryption mode needs a signature around it, and there is none',
  'decryption-failed': 'none of our keys opens the encrypted assertion',
  // The content
  'issuer-mismatch': 'the issuer is not this provider',
  'destination-mismatch': 'the message was made for another address',
  'status-refused': 'the provider answered with an error',
  unsolicited: 'the response answers no request of ours',
  'answers-another-request': 'the response answers another request than the one this browser made',
  'relay-state-mismatch': 'the response belongs to another journey',
  'audience-mismatch': 'the assertion is for another service provider',
  'audience-missing': 'the assertion does not say whom it is for',
  'condition-unknown': 'the assertion has a condition that we do not understand',
  'subject-missing': 'the assertion names nobody, or somebody in several ways',
  'subject-transient': 'the assertion names somebody by a name that will not last',
  'confirmation-missing': 'the assertion has no bearer confirmation',
  'recipient-mismatch': 'the bearer confirmation is for another address',
  'not-yet-valid': 'the assertion or message is from the future',
  expired: 'the assertion or message is too old',
  'lifetime-missing': 'the bearer confirmation does not say when it ends, or a time is not one',
  'lifetime-too-long': 'the assertion lives longer than a day',
  'authentication-missing': 'the assertion does not say that anybody authenticated',
  'authentication-not-fresh': 'a fresh authentication was asked for, and an old one was given',
  'authentication-context': 'another way of authentication was asked for',
  'values-too-large': 'the assertion has too many attributes, or values that are too long',
  replayed: 'the assertion or message was used before',
  // Metadata
  'metadata-no-provider': 'the metadata describes no identity provider, or not the one that is configured',
  'metadata-ambiguous': 'the metadata describes several identity providers, and none is chosen',
  'metadata-no-certificate': 'the metadata has no usable certificate for signatures',
  'metadata-weak-key': 'the metadata has a key that is too short',
  'metadata-no-endpoint': 'the metadata has no usable https address for the binding',
  'metadata-expired': 'the metadata was valid until a moment that has passed',
  'request-signing-required': 'the provider wants signed requests, and the pool has no key or does not sign',
} as const

export type SamlRefusal = keyof typeof SAML_REFUSALS

const DETAIL_CHARACTERS = 160

/** A log line is one line: what the other side sent is cut, and of printable characters alone. */
export const forTheLog = (text: string): string =>
  text
    .slice(0, DETAIL_CHARACTERS)
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ')
    .trim()

const because = (refusal: SamlRefusal, detail?: string): string =>
  detail === undefined ? refusal : `${refusal}: ${forTheLog(detail)}`

/** What came back does not hold. */
export const refuse = (refusal: SamlRefusal, detail?: string): Result<never> =>
  fail('upstream-invalid', { because: because(refusal, detail) })
