import type { KnownProvider } from './known-provider.ts'

/**
 * Through its userInfo call and not its ID token, of which nothing says that it carries a nonce.
 *
 * @see https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
 */
export const LINKEDIN: KnownProvider = {
  key: 'linkedin',
  name: 'LinkedIn',
  asks: {},
  settings: {
    kind: 'oauth',
    endpoints: {
      authorization: 'https://www.linkedin.com/oauth/v2/authorization',
      token: 'https://www.linkedin.com/oauth/v2/accessToken',
    },
    auth: { method: 'client_secret_post' },
    scopes: ['openid', 'profile', 'email'],
    usesPkce: false,
    profile: [{ url: 'https://api.linkedin.com/v2/userinfo' }],
    subjectClaim: 'sub',
    attributeMapping: {
      email: 'email',
      email_verified: 'email_verified',
      name: 'name',
      given_name: 'given_name',
      family_name: 'family_name',
      picture: 'picture',
    },
  },
}
