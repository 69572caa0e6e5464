import type { KnownProvider } from './known-provider.ts'

/** No flag says whether an address is verified, so none is. @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow */
export const FACEBOOK: KnownProvider = {
  key: 'facebook',
  name: 'Facebook',
  asks: { version: { form: /^v\d{1,2}\.0$/, words: 'a version of its interface, such as v23.0' } },
  settings: {
    kind: 'oauth',
    type: 'Facebook',
    endpoints: {
      authorization: 'https://www.facebook.com/{version}/dialog/oauth',
      token: 'https://graph.facebook.com/{version}/oauth/access_token',
    },
    auth: { method: 'client_secret_post' },
    scopes: ['public_profile', 'email'],
    scopeSeparator: ',',
    usesPkce: false,
    profile: [{ url: 'https://graph.facebook.com/{version}/me?fields=id,name,first_name,last_name,email' }],
    subjectClaim: 'id',
    attributeMapping: { email: 'email', name: 'name', given_name: 'first_name', family_name: 'last_name' },
  },
}
