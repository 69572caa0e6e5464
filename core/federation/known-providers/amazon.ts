import type { KnownProvider } from './known-provider.ts'

/** @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html */
export const AMAZON: KnownProvider = {
  key: 'amazon',
  name: 'LoginWithAmazon',
  asks: {},
  settings: {
    kind: 'oauth',
    type: 'LoginWithAmazon',
    endpoints: { authorization: 'https://www.amazon.com/ap/oa', token: 'https://api.amazon.com/auth/o2/token' },
    auth: { method: 'client_secret_post' },
    scopes: ['profile'],
    profile: [{ url: 'https://api.amazon.com/user/profile' }],
    subjectClaim: 'user_id',
    attributeMapping: { email: 'email', name: 'name' },
  },
}
