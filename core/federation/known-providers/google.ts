import type { KnownProvider } from './known-provider.ts'

/** @see https://developers.google.com/identity/openid-connect/openid-connect */
export const GOOGLE: KnownProvider = {
  key: 'google',
  name: 'Google',
  asks: {},
  settings: {
    kind: 'oidc',
    type: 'Google',
    issuer: 'https://accounts.google.com',
    scopes: ['openid', 'profile', 'email'],
    signingAlgorithms: ['RS256'],
    trustsEmail: 'if-verified',
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
