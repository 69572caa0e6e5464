// Attack 71: encryption says nothing about who wrote what is encrypted; the key to it is public.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Attack, refusesAll } from '#tests/support/saml/adversary.ts'
import {
  assertionXml,
  encryptedAssertion,
  keys,
  responseXml,
  signedAssertion,
  signedResponse,
} from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'

const CBC = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc'
const accepted = { encryptedAssertions: 'accepted' }
const unsignedOutside = { ...accepted, requireSignedResponse: false }
const attacker = keys().other

const attacks: Attack[] = [
  {
    title: 'encrypted, where nothing encrypted is expected',
    because: 'encryption-refused',
    response: () => signedResponse(encryptedAssertion(signedAssertion())),
  },
  {
    title: 'encrypted and signed by nobody',
    because: 'response-not-signed',
    settings: accepted,
    response: () => responseXml(encryptedAssertion(assertionXml())),
  },
  {
    title: 'encrypted and signed by nobody, where the assertion alone is signed',
    because: 'assertion-not-signed',
    settings: unsignedOutside,
    response: () => responseXml(encryptedAssertion(assertionXml())),
  },
  {
    title: 'signed outside, not inside',
    because: 'assertion-not-signed',
    settings: accepted,
    response: () => signedResponse(encryptedAssertion(assertionXml())),
  },
  {
    title: 'encrypted, signed inside by the attacker',
    because: 'certificate-unknown',
    settings: unsignedOutside,
    response: () => responseXml(encryptedAssertion(signedAssertion({}, { key: attacker }))),
  },
  {
    title: 'a mode without authentication, without a signature around it',
    because: 'encryption-unauthenticated',
    settings: unsignedOutside,
    response: () => responseXml(encryptedAssertion(signedAssertion(), { content: CBC })),
  },
  {
    title: 'Triple DES',
    because: 'encryption-algorithm',
    settings: accepted,
    response: () =>
      signedResponse(
        encryptedAssertion(signedAssertion(), { content: 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc' }),
      ),
  },
  {
    title: 'a key wrapped with PKCS #1 v1.5',
    because: 'encryption-algorithm',
    settings: accepted,
    response: () =>
      signedResponse(encryptedAssertion(signedAssertion(), { transport: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5' })),
  },
  {
    title: 'encrypted for somebody else',
    because: 'decryption-failed',
    settings: accepted,
    response: () => signedResponse(encryptedAssertion(signedAssertion(), { certificate: attacker.certificate })),
  },
  {
    title: 'a changed ciphertext',
    because: 'decryption-failed',
    settings: unsignedOutside,
    response: () =>
      responseXml(
        encryptedAssertion(signedAssertion()).replace(/(<xenc:CipherValue>)[^<]{8}(?=[^<]{2000})/, '$1AAAAAAAA'),
      ),
  },
  {
    title: 'an encrypted assertion beside a plain one',
    because: 'several-assertions',
    settings: accepted,
    response: () =>
      signedResponse(`${encryptedAssertion(signedAssertion())}${signedAssertion({ assertionId: '_second' })}`),
  },
  {
    title: 'two keys and one ciphertext',
    because: 'encryption-shape',
    settings: accepted,
    response: () =>
      signedResponse(
        encryptedAssertion(signedAssertion()).replace(/(<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>)/, '$1$1'),
      ),
  },
  {
    title: 'an assertion inside the encrypted assertion',
    because: 'assertion-inside-assertion',
    settings: accepted,
    response: () =>
      signedResponse(encryptedAssertion(signedAssertion({ conditions: assertionXml({ assertionId: '_evil' }) }))),
  },
  {
    title: 'a comment inside what is encrypted',
    because: 'xml-comment',
    settings: accepted,
    response: () => signedResponse(encryptedAssertion(signedAssertion({ nameId: 'ann<!---->.attacker.example' }))),
  },
]

refusesAll('SAML assertions that are encrypted', attacks)

describe('encrypted SAML assertions', () => {
  const finish = async (settings: Record<string, unknown>, xml: string) =>
    outcome(await testProvider(settings).provider.finish(posted(xml), REMEMBERED))

  it('are taken in an authenticated mode, and in another when the response around it is signed', async () => {
    assert.equal(await finish(accepted, signedResponse(encryptedAssertion(signedAssertion()))), 'accepted')
    const cbc = signedResponse(encryptedAssertion(signedAssertion(), { content: CBC }))
    assert.equal(await finish(accepted, cbc), 'accepted')
  })

  it('are taken when signed inside alone, where the settings ask for no more', async () => {
    assert.equal(await finish(unsignedOutside, responseXml(encryptedAssertion(signedAssertion()))), 'accepted')
  })

  it('can be required', async () => {
    const required = { encryptedAssertions: 'required' }
    assert.equal(await finish(required, signedResponse(signedAssertion())), 'encryption-required')
    assert.equal(await finish(required, signedResponse(encryptedAssertion(signedAssertion()))), 'accepted')
  })
})
