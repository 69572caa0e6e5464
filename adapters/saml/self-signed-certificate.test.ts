import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { selfSignedCertificates } from './self-signed-certificate.ts'

describe('a key for SAML messages', () => {
  it('is RSA of 3072 bits, with a certificate of its own for twenty years', async () => {
    const { privateKey, certificate } = await selfSignedCertificates.make(
      'eu_1, "SAML"',
      new Date('2026-11-21T12:00:00Z'),
    )
    const read = new X509Certificate(certificate)
    assert.equal(read.publicKey.asymmetricKeyDetails?.modulusLength, 3072)
    assert.ok(read.checkPrivateKey(createPrivateKey(privateKey)))
    assert.ok(read.verify(read.publicKey))
    assert.equal(read.ca, false)
    assert.deepEqual(
      [read.validFrom, read.validTo].map((at) => new Date(at).toISOString()),
      ['2026-11-21T12:00:00.000Z', '2046-11-21T12:00:00.000Z'],
    )
  })

  it('is another one each time', async () => {
    const at = new Date()
    const [one, other] = [await selfSignedCertificates.make('a', at), await selfSignedCertificates.make('a', at)]
    assert.notEqual(one.certificate, other.certificate)
  })
})
