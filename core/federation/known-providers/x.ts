import type { KnownProvider } from './known-provider.ts'

/** No address comes with the scopes asked for. @see https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token */
export const X: KnownProvider = {
  key: 'x',
  name: 'X-Twitter',
  asks: {},
  settings: {
    kind: 'oauth',
    endpoints: { authorization: 'https://x.com/i/oauth2/authorize', token: 'https://api.x.com/2/oauth2/token' },
    auth: { method: 'client_secret_basic' },
    scopes: ['tweet.read', 'users.read'],
    profile: [{ url: 'https://api.x.com/2/users/me?user.fields=profile_image_url' }],
    subjectClaim: 'data.id',
    attributeMapping: { name: 'data.name', nickname: 'data.username', picture: 'data.profile_image_url' },
  },
}
