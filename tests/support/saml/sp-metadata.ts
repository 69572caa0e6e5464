import { bareCertificate } from './canonical-xml.ts'
import type { TestSp } from './test-sp.ts'

const MD = 'urn:oasis:names:tc:SAML:2.0:metadata'
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:'

const oneConsumer = (url: string): string =>
  `<md:AssertionConsumerService Binding="${BINDINGS}HTTP-POST" Location="${url}" index="0"/>`

/** What a service provider publishes of itself. */
export const spMetadataXml = (
  { entityId, acs: ownAcs, slo, key }: TestSp,
  {
    signsRequests = false,
    acs = ownAcs as string,
    formats = ['urn:oasis:names:tc:SAML:2.0:nameid-format:transient'],
    certificate = key.certificate as string | null,
    consumers = null as string | null,
    attributes = '',
    protocols = 'urn:oasis:names:tc:SAML:2.0:protocol',
  } = {},
): string => {
  const keys =
    certificate === null
      ? ''
      : ['signing', 'encryption']
          .map(
            (use) =>
              `<md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bareCertificate(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
          )
          .join('')
  const logout = `<md:SingleLogoutService Binding="${BINDINGS}HTTP-Redirect" Location="${slo}" ResponseLocation="${slo}/answers"/><md:SingleLogoutService Binding="${BINDINGS}SOAP" Location="${slo}/soap"/>`
  const names = formats.map((format) => `<md:NameIDFormat>${format}</md:NameIDFormat>`).join('')
  return `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="${MD}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"${attributes}>
<md:SPSSODescriptor AuthnRequestsSigned="${signsRequests}" protocolSupportEnumeration="${protocols}">${keys}${logout}${names}${consumers ?? oneConsumer(acs)}</md:SPSSODescriptor>
</md:EntityDescriptor>`
}
