import type { KnownProvider } from './known-provider.ts'

/** Numbers stay when people rename themselves. @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps */
export const GITHUB: KnownProvider = {
  key: 'github',
  name: 'GitHub',
  asks: {},
  settings: {
    kind: 'oauth',
    endpoints: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
    },
    auth: { method: 'client_secret_post' },
    scopes: ['read:user', 'user:email'],
    profile: [{ url: 'https://api.github.com/user' }, { url: 'https://api.github.com/user/emails', into: 'emails' }],
    profileHeaders: { accept: 'application/vnd.github+json' },
    subjectClaim: 'id',
    addressList: { claim: 'emails', address: 'email', verified: 'verified', primary: 'primary' },
    trustsEmail: 'if-verified',
    attributeMapping: {
      email: 'email',
      email_verified: 'email_verified',
      name: 'name',
      nickname: 'login',
      picture: 'avatar_url',
      profile: 'html_url',
    },
  },
}
