import type { IdentityProvider } from './identity-provider.ts'
import { type SamlProviderSettings, samlEntityId } from './saml-settings.ts'

/** Where providers send the browser back to, below the base URL (Cognito's paths). */
export const CALLBACK_PATHS = {
  oidc: '/oauth2/idpresponse',
  oauth: '/oauth2/idpresponse',
  saml: '/saml2/idpresponse',
} as const

/** Where providers send the browser back to that signed out there, or send it to sign out here. */
export const PROVIDER_LOGOUT_PATHS = { oidc: '/oauth2/logout', saml: '/saml2/logout' } as const

/** The pool as a service provider, in the words of its metadata (SAML 2.0 Metadata §2.4.4). */
export const samlSpAddresses = (
  base: string,
  poolId: string,
  { entityIdForm }: Pick<SamlProviderSettings, 'entityIdForm'>,
) => ({
  entityId: samlEntityId(poolId, entityIdForm),
  acsUrl: `${base}${CALLBACK_PATHS.saml}`,
  logoutUrl: `${base}${PROVIDER_LOGOUT_PATHS.saml}`,
})

/** What has to be entered at a provider, by name; empty for a directory, which sends nobody back. */
export const addressesForProvider = (
  base: string,
  { poolId, name, settings }: Pick<IdentityProvider, 'poolId' | 'name' | 'settings'>,
): Readonly<Record<string, string>> => {
  switch (settings.kind) {
    case 'ldap':
      return {}
    case 'saml':
      return {
        metadataUrl: `${base}/saml2/metadata?${new URLSearchParams({ provider: name })}`,
        ...samlSpAddresses(base, poolId, settings),
      }
    case 'oauth':
      return { callbackUrl: `${base}${CALLBACK_PATHS.oauth}` }
    case 'oidc':
      return {
        callbackUrl: `${base}${CALLBACK_PATHS.oidc}`,
        ...(settings.signsOutUpstream ? { logoutUrl: `${base}${PROVIDER_LOGOUT_PATHS.oidc}` } : {}),
      }
  }
}
