import { keyDescriptor } from '#adapters/saml/key-descriptor.ts'
import { METADATA, POST_BINDING, PROTOCOL, REDIRECT_BINDING, SIGNATURE } from '#adapters/saml/names.ts'
import type { PoolKey } from '#adapters/saml/sign-message.ts'
import { element } from '#adapters/saml/xml/write-xml.ts'

/** A pool as a SAML service provider. */
export interface ServiceProvider {
  entityId: string
  /** `{base}/saml2/idpresponse` */
  acsUrl: string
  /** `{base}/saml2/logout` */
  logoutUrl: string
  /** Signs requests and logouts; null: the pool has no key. */
  signing: PoolKey | null
  /** Open what is encrypted to us; the first is the one we publish. */
  decryption: readonly PoolKey[]
}

/** What the operator of an identity provider imports (SAML 2.0 Metadata §2.4.4). Cognito publishes none. */
export const serviceProviderMetadata = (
  { entityId, acsUrl, logoutUrl, signing, decryption }: ServiceProvider,
  { signsRequests, nameIdFormat }: { signsRequests: boolean; nameIdFormat: string | null },
): string => {
  const [encryption] = decryption
  const logout = signing === null ? [] : [REDIRECT_BINDING, POST_BINDING]
  const descriptor = element(
    'md:SPSSODescriptor',
    {
      protocolSupportEnumeration: PROTOCOL,
      AuthnRequestsSigned: String(signsRequests && signing !== null),
      WantAssertionsSigned: 'true',
    },
    signing === null ? null : keyDescriptor('signing', signing),
    encryption === undefined ? null : keyDescriptor('encryption', encryption),
    ...logout.map((Binding) => element('md:SingleLogoutService', { Binding, Location: logoutUrl })),
    nameIdFormat === null ? null : element('md:NameIDFormat', {}, nameIdFormat),
    element('md:AssertionConsumerService', { Binding: POST_BINDING, Location: acsUrl, index: '0', isDefault: 'true' }),
  )
  const { xml } = element(
    'md:EntityDescriptor',
    { 'xmlns:md': METADATA, 'xmlns:ds': SIGNATURE, entityID: entityId },
    descriptor,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>${xml}`
}
