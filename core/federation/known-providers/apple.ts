import type { KnownProvider } from './known-provider.ts'

/**
 * The client id is a Services ID and the secret the key file (p8). Name and address are asked for by form alone; the name comes once.
 *
 * @see https://developer.apple.com/documentation/sign_in_with_apple
 */
export const APPLE: KnownProvider = {
  key: 'apple',
  name: 'SignInWithApple',
  asks: {
    teamId: { form: /^[A-Z0-9]{10}$/, words: 'the team id, ten capital letters and digits' },
    keyId: { form: /^[A-Z0-9]{10}$/, words: 'the id of the key, ten capital letters and digits' },
  },
  settings: {
    kind: 'oidc',
    type: 'SignInWithApple',
    issuer: 'https://appleid.apple.com',
    auth: { method: 'apple_secret', teamId: '{teamId}', keyId: '{keyId}' },
    scopes: ['openid', 'name', 'email'],
    signingAlgorithms: ['RS256'],
    responseMode: 'form_post',
    usesUserInfo: false,
    trustsEmail: 'if-verified',
    attributeMapping: {
      email: 'email',
      email_verified: 'email_verified',
      name: 'name',
      given_name: 'given_name',
      family_name: 'family_name',
    },
  },
}
