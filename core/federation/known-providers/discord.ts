import type { KnownProvider } from './known-provider.ts'

/** @see https://discord.com/developers/docs/topics/oauth2 */
export const DISCORD: KnownProvider = {
  key: 'discord',
  name: 'Discord',
  asks: {},
  settings: {
    kind: 'oauth',
    endpoints: {
      authorization: 'https://discord.com/oauth2/authorize',
      token: 'https://discord.com/api/oauth2/token',
    },
    auth: { method: 'client_secret_post' },
    scopes: ['identify', 'email'],
    profile: [{ url: 'https://discord.com/api/users/@me' }],
    subjectClaim: 'id',
    attributeMapping: { email: 'email', email_verified: 'verified', name: 'global_name', nickname: 'username' },
  },
}
