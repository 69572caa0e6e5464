import type { SamlKeyMaker } from '#core/keys/ports.ts'

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 3072,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const YEARS = 20

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')}\n-----END ${label}-----\n`

/** RFC 5280 certificates by @peculiar/x509: a carrier of the key, which no authority vouches for. */
export const selfSignedCertificates: SamlKeyMaker = {
  async make(commonName, at) {
    // Loaded when a key is made, which is once a pool: it brings a parser of every kind of certificate with it.
    await import('reflect-metadata')
    const { X509CertificateGenerator, BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags } = await import(
      '@peculiar/x509'
    )
    const keys = await crypto.subtle.generateKey(RSA, true, ['sign', 'verify'])
    const end = new Date(at)
    end.setUTCFullYear(end.getUTCFullYear() + YEARS)
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        name: [{ CN: [commonName] }],
        notBefore: at,
        notAfter: end,
        signingAlgorithm: RSA,
        keys,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        ],
      },
      crypto,
    )
    return {
      privateKey: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
      certificate: pem('CERTIFICATE', certificate.rawData),
    }
  },
}
