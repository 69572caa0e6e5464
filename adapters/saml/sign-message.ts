// Beside verified-bytes.ts, the only file that reaches into the library: its class signs only messages that it wrote itself.
import { signXml } from '@node-saml/node-saml/lib/xml.js'

/** A key of the pool and its certificate, PEM. */
export interface PoolKey {
  privateKey: string
  certificate: string
}

/** The message with an enveloped signature behind its Issuer, where the schema wants it (SAML 2.0 Core §3.2.1). */
export const signMessage = (xml: string, { privateKey, certificate }: PoolKey): string =>
  signXml(
    xml,
    '/*',
    { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
    { privateKey, publicCert: certificate, signatureAlgorithm: 'sha256', digestAlgorithm: 'sha256' },
  )
