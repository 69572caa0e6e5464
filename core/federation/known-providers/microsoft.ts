import type { KnownProvider } from './known-provider.ts'

/**
 * One tenant, by its id: the addresses for all tenants publish a template instead of an issuer. Addresses are not believed, because
 * an administrator of a tenant may write anybody's into an account.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export const MICROSOFT: KnownProvider = {
  key: 'microsoft',
  name: 'Microsoft',
  asks: {
    tenant: {
      form: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      words:
        'the id of the tenant in lower case, such as 00000000-1111-2222-3333-444444444444; neither its domain nor common',
    },
  },
  settings: {
    kind: 'oidc',
    issuer: 'https://login.microsoftonline.com/{tenant}/v2.0',
    scopes: ['openid', 'profile', 'email'],
    signingAlgorithms: ['RS256'],
    trustsEmail: 'never',
    attributeMapping: { email: 'email', name: 'name', preferred_username: 'preferred_username' },
  },
}
