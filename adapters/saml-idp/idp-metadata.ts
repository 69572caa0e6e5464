import { keyDescriptor } from '#adapters/saml/key-descriptor.ts'
import { METADATA, POST_BINDING, PROTOCOL, REDIRECT_BINDING, SIGNATURE } from '#adapters/saml/names.ts'
import type { PoolKey } from '#adapters/saml/sign-message.ts'
import { element } from '#adapters/saml/xml/write-xml.ts'
import { NAME_ID_FORMATS } from '#core/federation/saml-settings.ts'

/** A pool as a SAML identity provider. */
export interface IdentityProvider {
  /** Also the address of its metadata. */
  entityId: string
  ssoUrl: string
  sloUrl: string
  key: PoolKey
}

/** What the operator of a service provider imports (SAML 2.0 Metadata §2.4.3). */
export const identityProviderMetadata = ({ entityId, ssoUrl, sloUrl, key }: IdentityProvider): string => {
  const bindings = [REDIRECT_BINDING, POST_BINDING]
  const descriptor = element(
    'md:IDPSSODescriptor',
    { protocolSupportEnumeration: PROTOCOL },
    keyDescriptor('signing', key),
    ...bindings.map((Binding) => element('md:SingleLogoutService', { Binding, Location: sloUrl })),
    ...Object.values(NAME_ID_FORMATS).map((format) => element('md:NameIDFormat', {}, format)),
    ...bindings.map((Binding) => element('md:SingleSignOnService', { Binding, Location: ssoUrl })),
  )
  const { xml } = element(
    'md:EntityDescriptor',
    { 'xmlns:md': METADATA, 'xmlns:ds': SIGNATURE, entityID: entityId },
    descriptor,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>${xml}`
}
