import { CONTENT_CIPHERS } from './algorithms.ts'
import { ENCRYPTION } from './names.ts'
import type { PoolKey } from './sign-message.ts'
import { element, type XmlPiece } from './xml/write-xml.ts'

const base64Of = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, '')

/** A key as metadata publishes it (SAML 2.0 Metadata §2.4.1.1). */
export const keyDescriptor = (use: 'signing' | 'encryption', { certificate }: PoolKey): XmlPiece => {
  const x509 = element('ds:X509Data', {}, element('ds:X509Certificate', {}, base64Of(certificate)))
  const methods =
    use === 'signing'
      ? []
      : [
          ...Object.entries(CONTENT_CIPHERS)
            .filter(([, { isAuthenticated }]) => isAuthenticated)
            .map(([uri]) => uri),
          `${ENCRYPTION}rsa-oaep-mgf1p`,
        ].map((uri) => element('md:EncryptionMethod', { Algorithm: uri }))
  return element('md:KeyDescriptor', { use }, element('ds:KeyInfo', {}, x509), ...methods)
}
