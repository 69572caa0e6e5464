import { createPublicKey } from 'node:crypto'
import { promisify } from 'node:util'
import { encrypt } from 'xml-encryption'
import { ASSERTION, ENCRYPTION, ENCRYPTION_11 } from '#adapters/saml/names.ts'
import { element } from '#adapters/saml/xml/write-xml.ts'

/**
 * AES-256-GCM under a key of its own, wrapped with RSA-OAEP (XML Encryption 1.1 §5.2.4, §5.5.2). OAEP with SHA-1, which every
 * library opens and whose collisions do not matter here; the library names no other digest rightly.
 *
 * @param certificate PEM
 */
export const encryptedAssertion = async (assertion: string, certificate: string): Promise<string> => {
  const data = await promisify(encrypt)(assertion, {
    rsa_pub: createPublicKey(certificate).export({ type: 'spki', format: 'pem' }).toString(),
    pem: certificate,
    encryptionAlgorithm: `${ENCRYPTION_11}aes256-gcm`,
    keyEncryptionAlgorithm: `${ENCRYPTION}rsa-oaep-mgf1p`,
    disallowEncryptionWithInsecureAlgorithm: true,
  })
  return element('saml:EncryptedAssertion', { 'xmlns:saml': ASSERTION }, { xml: data.trim() }).xml
}
