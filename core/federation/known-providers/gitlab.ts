import type { KnownProvider } from './known-provider.ts'

/** gitlab.com or an instance of one's own, by its host. @see https://docs.gitlab.com/integration/openid_connect_provider/ */
export const GITLAB: KnownProvider = {
  key: 'gitlab',
  name: 'GitLab',
  asks: {
    host: {
      form: /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$/,
      words: 'the name of its host in lower case, such as gitlab.com, without https:// and port',
    },
  },
  settings: {
    kind: 'oidc',
    issuer: 'https://{host}',
    scopes: ['openid', 'profile', 'email'],
    signingAlgorithms: ['RS256'],
    trustsEmail: 'if-verified',
    attributeMapping: {
      email: 'email',
      email_verified: 'email_verified',
      name: 'name',
      nickname: 'nickname',
      picture: 'picture',
      profile: 'profile',
    },
  },
}
