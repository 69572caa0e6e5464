// Attacks 67 and 74: signatures that say less than they seem to, or by a key that is not the provider's.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusesAll } from '#tests/support/saml/adversary.ts'
import { canonical, SHA1, STANDARD } from '#tests/support/saml/canonical-xml.ts'
import { honestResponse, keys } from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'

const DS = 'http://www.w3.org/2000/09/xmldsig#'
const [ENVELOPED, EXCLUSIVE] = STANDARD.transforms as [string, string]
const attacker = keys().other

const responseSignedWith = (recipe: Partial<typeof STANDARD>) => () => honestResponse({}, { response: { recipe } })
const bothSignedWith = (recipe: Partial<typeof STANDARD>) => () =>
  honestResponse({}, { response: { recipe }, assertion: { recipe } })
const both = (key: typeof attacker, recipe: Partial<typeof STANDARD> = {}) =>
  honestResponse({}, { response: { key, recipe }, assertion: { key, recipe } })

refusesAll('SAML signatures by the wrong key', [
  { title: 'certificate of another identity provider', because: 'certificate-unknown', response: () => both(attacker) },
  {
    title: "KeyInfo with the attacker's certificate beside the honest one in the metadata",
    because: 'certificate-unknown',
    response: () => both(attacker, { named: attacker.certificate }),
  },
  {
    title: "the attacker's key under the provider's name",
    because: 'signature-invalid',
    response: () => both(attacker, { named: keys().idp.certificate }),
  },
  {
    title: "the attacker's key, no KeyInfo",
    because: 'signature-invalid',
    response: () => both(attacker, { named: null }),
  },
  {
    title: 'honest response around an assertion by the attacker',
    because: 'certificate-unknown',
    response: () => honestResponse({}, { assertion: { key: attacker } }),
  },
])

refusesAll('SAML signatures by the wrong algorithm', [
  { title: 'SHA-1 throughout', because: 'signature-sha1', response: bothSignedWith(SHA1) },
  {
    title: 'SHA-1 in the digest alone',
    because: 'signature-sha1',
    response: responseSignedWith({ digestMethod: `${DS}sha1`, digestHash: 'sha1' }),
  },
  {
    title: "HMAC with the provider's certificate as the secret",
    because: 'signature-hmac',
    response: bothSignedWith({ signatureMethod: `${DS}hmac-sha1`, hmacSecret: keys().idp.certificate }),
  },
  {
    title: 'HMAC, where SHA-1 is allowed',
    because: 'signature-hmac',
    settings: { allowSha1: true },
    response: bothSignedWith({ ...SHA1, signatureMethod: `${DS}hmac-sha1`, hmacSecret: keys().idp.certificate }),
  },
  {
    title: 'DSA',
    because: 'signature-algorithm',
    response: responseSignedWith({ signatureMethod: `${DS}dsa-sha1` }),
  },
  {
    title: 'MD5 in the digest',
    because: 'signature-algorithm',
    response: responseSignedWith({ digestMethod: 'http://www.w3.org/2001/04/xmldsig-more#md5', digestHash: 'md5' }),
  },
  {
    title: 'an algorithm named like a property of every object',
    because: 'signature-algorithm',
    response: responseSignedWith({ signatureMethod: 'constructor' }),
  },
])

refusesAll('SAML signatures that transform what they sign', [
  {
    title: 'an XPath filter',
    because: 'signature-transform',
    response: responseSignedWith({ transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xpath-19991116'] }),
  },
  {
    title: 'a style sheet',
    because: 'signature-transform',
    response: responseSignedWith({ transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xslt-19991116'] }),
  },
  {
    title: 'base64',
    because: 'signature-transform',
    response: responseSignedWith({ transforms: [ENVELOPED, EXCLUSIVE, `${DS}base64`] }),
  },
  { title: 'no transform', because: 'signature-transform', response: responseSignedWith({ transforms: [] }) },
  {
    title: 'the same transform twice',
    because: 'signature-transform',
    response: responseSignedWith({ transforms: [ENVELOPED, ENVELOPED] }),
  },
  {
    title: 'canonicalisation that keeps comments',
    because: 'signature-canonicalization',
    response: responseSignedWith({ canonicalization: `${EXCLUSIVE}WithComments` }),
  },
])

refusesAll('SAML signatures with more in them than belongs there', [
  {
    title: 'reference to the whole document',
    because: 'signature-reference',
    response: responseSignedWith({ reference: '' }),
  },
  {
    title: 'reference by XPointer',
    because: 'signature-reference',
    response: responseSignedWith({ reference: '#xpointer(/)' }),
  },
  {
    title: 'reference to another host',
    because: 'signature-reference',
    response: responseSignedWith({ reference: 'https://attacker.example/#_response-1' }),
  },
  {
    title: 'a second reference',
    because: 'signature-shape',
    response: responseSignedWith({ secondReference: canonical('ds:Reference', { URI: '#_evil' }) }),
  },
  {
    title: 'a second SignedInfo',
    because: 'signature-shape',
    response: () =>
      honestResponse().replace('<ds:SignatureValue>', '<ds:SignedInfo></ds:SignedInfo><ds:SignatureValue>'),
  },
  {
    title: 'an element inside DigestValue',
    because: 'signature-shape',
    response: responseSignedWith({ beforeDigest: canonical('ds:x') }),
  },
  {
    title: 'a comment inside DigestValue',
    because: 'xml-comment',
    response: responseSignedWith({ beforeDigest: '<!--AAAA-->' }),
  },
  {
    title: 'an Object',
    because: 'signature-object',
    response: responseSignedWith({ object: canonical('ds:Object', {}, 'anything') }),
  },
])

describe('SAML signatures by an algorithm on the list', () => {
  const finish = async (recipe: Partial<typeof STANDARD>, settings = {}) =>
    outcome(await testProvider(settings).provider.finish(posted(bothSignedWith(recipe)()), REMEMBERED))
  const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'

  it('are accepted: RSA with SHA-256 and SHA-512, and with SHA-1 only where that is allowed', async () => {
    assert.equal(await finish({}), 'accepted')
    const sha512 = { signatureMethod: `${MORE}rsa-sha512`, signatureHash: 'sha512' }
    const digest512 = { digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha512', digestHash: 'sha512' }
    assert.equal(await finish({ ...sha512, ...digest512 }), 'accepted')
    assert.equal(await finish(SHA1, { allowSha1: true }), 'accepted')
  })

  it('are accepted without KeyInfo, and beside a certificate that is not theirs: neither is believed', async () => {
    assert.equal(await finish({ named: null }), 'accepted')
    assert.equal(await finish({ named: attacker.certificate }), 'accepted')
  })
})
