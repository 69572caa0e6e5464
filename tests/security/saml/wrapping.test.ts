// Attack 66: what was signed is not what is read. The eight ways are those of Somorovsky et al., "On Breaking SAML: Be Whoever You
// Want to Be" (USENIX Security 2012); in each the provider's signature stays valid where it is.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { verifiedBytes } from '#adapters/saml/verified-bytes.ts'
import { everyElement, MESSAGE_LIMITS, readXml } from '#adapters/saml/xml/read-xml.ts'
import { type Attack, refusesAll } from '#tests/support/saml/adversary.ts'
import { canonical, signatureOver } from '#tests/support/saml/canonical-xml.ts'
import {
  assertionXml,
  honestResponse,
  keys,
  responseXml,
  SAID,
  signedAssertion,
  signedResponse,
} from '#tests/support/saml/test-idp.ts'

const EVIL = { assertionId: '_evil-assertion', responseId: '_evil-response', nameId: 'evil@attacker.example' }

const honest = signedAssertion()
const withoutSignature = assertionXml()
const assertionSignature = signatureOver(withoutSignature, SAID.assertionId, keys().idp)
const responseSignature = signatureOver(responseXml(honest), SAID.responseId, keys().idp)
const original = responseXml(honest)

/** The signature with something inserted before its end. */
const signatureAround = (signature: string, inside: string): string =>
  signature.replace('</ds:Signature>', `${inside}</ds:Signature>`)
const object = (inside: string): string => canonical('ds:Object', {}, inside)
const extensions = (inside: string): string => canonical('samlp:Extensions', {}, inside)
const assertionOnly = { requireSignedResponse: false }

const CLASSIC: (Omit<Attack, 'response'> & { response: () => string })[] = [
  {
    title: '1. evil response, the signed one inside its signature',
    because: 'response-inside-signature',
    response: () => responseXml(assertionXml(EVIL), EVIL, signatureAround(responseSignature, original)),
  },
  {
    title: '2. evil response, the signed one beside a detached signature',
    because: 'response-inside-response',
    response: () => responseXml(assertionXml(EVIL), EVIL, `${original}${responseSignature}`),
  },
  {
    title: '3. evil assertion before the signed one',
    because: 'several-assertions',
    settings: assertionOnly,
    response: () => responseXml(`${assertionXml(EVIL)}${honest}`),
  },
  {
    title: '4. evil assertion around the signed one',
    because: 'assertion-inside-assertion',
    settings: assertionOnly,
    response: () => responseXml(assertionXml({ ...EVIL, conditions: honest })),
  },
  {
    title: '5. evil assertion with the signature, the signed one left bare behind it',
    because: 'several-assertions',
    settings: assertionOnly,
    response: () => responseXml(`${assertionXml(EVIL, assertionSignature)}${withoutSignature}`),
  },
  {
    title: '6. evil assertion, the signed one inside the signature of the evil one',
    because: 'assertion-inside-signature',
    settings: assertionOnly,
    response: () => responseXml(assertionXml(EVIL, signatureAround(assertionSignature, withoutSignature))),
  },
  {
    title: '7. evil assertion in Extensions, before the signed one',
    because: 'assertion-misplaced',
    settings: assertionOnly,
    response: () => responseXml(honest, { extensions: extensions(assertionXml(EVIL)) }),
  },
  {
    title: '8. evil assertion, the signed one inside an Object of its signature',
    because: 'signature-object',
    settings: assertionOnly,
    response: () => responseXml(assertionXml(EVIL, signatureAround(assertionSignature, object(withoutSignature)))),
  },
]

refusesAll('SAML signature wrapping, the eight classic ways', CLASSIC)

refusesAll('SAML signatures that were moved, doubled or taken away', [
  {
    title: 'no signature at all',
    because: 'response-not-signed',
    response: () => honestResponse({}, { response: null, assertion: null }),
  },
  {
    title: 'signature of the response taken away',
    because: 'response-not-signed',
    response: () => honestResponse({}, { response: null }),
  },
  {
    title: 'signature of the assertion taken away, the response signed',
    because: 'assertion-not-signed',
    response: () => honestResponse({}, { assertion: null }),
  },
  {
    title: 'assertion signature moved to the response',
    because: 'signature-reference',
    response: () => responseXml(withoutSignature, {}, assertionSignature),
  },
  {
    title: 'response signature moved into Extensions',
    because: 'signature-misplaced',
    response: () => responseXml(honest, { extensions: extensions(responseSignature) }),
  },
  {
    title: 'two signatures of the response',
    because: 'several-signatures',
    response: () => responseXml(honest, {}, `${responseSignature}${responseSignature}`),
  },
  {
    title: 'a second assertion, itself honestly signed',
    because: 'several-assertions',
    response: () => signedResponse(`${honest}${signedAssertion({ assertionId: '_second' })}`),
  },
  {
    title: 'a second assertion in a namespace of its own',
    because: 'assertion-misplaced',
    response: () => signedResponse(`${canonical('x:Assertion', { 'xmlns:x': 'urn:x' })}${honest}`),
  },
  {
    title: 'no assertion',
    because: 'assertion-missing',
    response: () => signedResponse(''),
  },
  {
    title: 'one ID for the response and the assertion',
    because: 'duplicate-id',
    response: () => honestResponse({ responseId: '_same', assertionId: '_same' }),
  },
  {
    title: 'an ID that is a piece of a path',
    because: 'duplicate-id',
    response: () => honestResponse({ assertionId: `x' or '1'='1` }),
  },
  {
    title: 'another subject in a response that was signed',
    because: 'signature-invalid',
    response: () => honestResponse().replace('ann@fjord-books.example</saml:NameID>', 'evil@x.example</saml:NameID>'),
  },
])

describe('what a signature vouches for', () => {
  for (const { title, response } of CLASSIC)
    it(`is never the evil one, even where the shape would not be looked at: ${title}`, () => {
      const text = response()
      const root = readXml(text, MESSAGE_LIMITS)
      assert.ok(root.ok)
      for (const element of everyElement(root.value)) {
        const bytes = verifiedBytes(text, element, [keys().idp.certificate])
        // In the seventh way the honest assertion stands where it belongs, and is what is verified.
        assert.equal(bytes.ok && bytes.value.includes('evil'), false)
      }
    })
})
