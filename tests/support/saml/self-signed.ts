import { createSign, generateKeyPairSync } from 'node:crypto'
import type { PoolKey } from '#adapters/saml/sign-message.ts'

const der = (tag: number, ...parts: (Buffer | number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length =
    body.length < 128
      ? [body.length]
      : [0x80 | Math.ceil(body.length.toString(16).length / 2), ...Buffer.from(evenHex(body.length), 'hex')]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const evenHex = (value: number): string => {
  const hex = value.toString(16)
  return hex.length % 2 === 0 ? hex : `0${hex}`
}

const SHA256_WITH_RSA = der(0x30, der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]), der(0x05))
const commonName = (name: string): Buffer =>
  der(0x30, der(0x31, der(0x30, der(0x06, [0x55, 0x04, 0x03]), der(0x0c, Buffer.from(name, 'utf8')))))

const pem = (label: string, body: Buffer): string =>
  `-----BEGIN ${label}-----\n${body
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')}\n-----END ${label}-----\n`

/** An RSA key with a certificate of its own, from 2020 to 2049 (RFC 5280 §4.1), made without any program beside. */
export const selfSigned = (name: string, bits = 2048): PoolKey => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')))
  const certificate = der(
    0x30,
    der(0x02, [1]),
    SHA256_WITH_RSA,
    commonName(name),
    validity,
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = createSign('sha256').update(certificate).sign(privateKey)
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem('CERTIFICATE', der(0x30, certificate, SHA256_WITH_RSA, der(0x03, [0], signature))),
  }
}
