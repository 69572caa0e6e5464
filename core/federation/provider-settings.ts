import { z } from 'zod'
import { LdapProviderSettings } from './ldap-settings.ts'
import {
  ALWAYS_NEEDS_DOMAINS,
  believesOwnDomainsAlone,
  ClaimPath,
  ProviderAddress,
  providerCommon,
} from './provider-common.ts'
import { SamlProviderSettings } from './saml-settings.ts'

// Adapters know settings, and nothing else of core.
export { isProviderAddress } from './provider-common.ts'

const credentials = {
  clientId: z.string().min(1).max(512),
  /** Further parameters of the authorization request: `{ hd: "example.com" }`. They never replace one of ours. */
  authorizationParameters: z.record(z.string().max(64), z.string().max(512)).default({}),
}

/** Asymmetric alone: a secret that signs is a secret that verifies, and a provider's keys are public (RFC 8725 §2.1). */
export const SIGNING_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const

const AuthMethod = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('client_secret_post') }),
  z.strictObject({ method: z.literal('client_secret_basic') }),
  z.strictObject({
    method: z.literal('private_key_jwt'),
    keyId: z.string().min(1).max(128),
    algorithm: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).default('RS256'),
  }),
  /** Apple: the client secret is a JWT that we sign (ES256) and renew. */
  z.strictObject({
    method: z.literal('apple_secret'),
    teamId: z.string().regex(/^[A-Z0-9]{10}$/),
    keyId: z.string().regex(/^[A-Z0-9]{10}$/),
  }),
])
export type AuthMethod = z.infer<typeof AuthMethod>

/** A provider that speaks OpenID Connect. */
export const OidcProviderSettings = z
  .strictObject({
    kind: z.literal('oidc'),
    type: z.enum(['OIDC', 'Google', 'SignInWithApple']).default('OIDC'),
    ...providerCommon,
    ...credentials,
    /** Exactly as in the ID tokens; no trailing slash unless they have one. */
    issuer: ProviderAddress,
    /** Instead of discovery, where that is not usable. */
    endpoints: z
      .strictObject({
        authorization: ProviderAddress,
        token: ProviderAddress,
        keys: ProviderAddress,
        userInfo: ProviderAddress.nullable().default(null),
        endSession: ProviderAddress.nullable().default(null),
      })
      .nullable()
      .default(null),
    auth: AuthMethod.default({ method: 'client_secret_post' }),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
      .max(50)
      .default(['openid', 'profile', 'email'])
      .refine((scopes) => scopes.includes('openid'), 'openid is missing'),
    signingAlgorithms: z.array(z.enum(SIGNING_ALGORITHMS)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    responseMode: z.enum(['query', 'form_post']).default('query'),
    /** Off for providers that have no such endpoint, or put all there is into the ID token. */
    usesUserInfo: z.boolean().default(true),
    /** Signing out here ends the session there too. */
    signsOutUpstream: z.boolean().default(false),
  })
  .refine(believesOwnDomainsAlone, ALWAYS_NEEDS_DOMAINS)
export type OidcProviderSettings = z.infer<typeof OidcProviderSettings>

const ProfileCall = z.strictObject({
  url: ProviderAddress,
  /** Claim that the answer becomes; null: its members are the claims. */
  into: z.string().max(64).nullable().default(null),
})

/** A provider that speaks OAuth 2.0 and tells who somebody is by a call of its own. */
export const OAuthProviderSettings = z
  .strictObject({
    kind: z.literal('oauth'),
    type: z.enum(['OAuth', 'Facebook', 'LoginWithAmazon']).default('OAuth'),
    ...providerCommon,
    ...credentials,
    endpoints: z.strictObject({ authorization: ProviderAddress, token: ProviderAddress }),
    auth: z.strictObject({ method: z.enum(['client_secret_post', 'client_secret_basic']) }),
    scopes: z.array(z.string().regex(/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/)).max(50),
    scopeSeparator: z.enum([' ', ',']).default(' '),
    usesPkce: z.boolean().default(true),
    profile: z.array(ProfileCall).min(1).max(3),
    profileHeaders: z.record(z.string().max(64), z.string().max(256)).default({}),
    /** Immutable and unique there; never an address or a name. */
    subjectClaim: ClaimPath,
    /** Where addresses come as a list with marks: the first one that carries all of them. */
    addressList: z
      .strictObject({
        claim: ClaimPath,
        address: z.string(),
        verified: z.string(),
        primary: z.string(),
      })
      .nullable()
      .default(null),
  })
  .refine(believesOwnDomainsAlone, ALWAYS_NEEDS_DOMAINS)
export type OAuthProviderSettings = z.infer<typeof OAuthProviderSettings>

/** Settings of a provider, by what it speaks: `kind`. */
export const ProviderSettings = z.discriminatedUnion('kind', [
  OidcProviderSettings,
  OAuthProviderSettings,
  SamlProviderSettings,
  LdapProviderSettings,
])
export type ProviderSettings = z.infer<typeof ProviderSettings>
