import { z } from 'zod'
import { STANDARD_ATTRIBUTES } from '../pools/pool-settings.ts'

/** Cognito's `ProviderType`; ours are `OAuth`, plain OAuth 2.0 with a profile call, and `LDAP`, a directory that is asked by us. */
export const PROVIDER_TYPES = [
  'OIDC',
  'OAuth',
  'SAML',
  'Google',
  'Facebook',
  'LoginWithAmazon',
  'SignInWithApple',
  'LDAP',
] as const
export type ProviderType = (typeof PROVIDER_TYPES)[number]

/** Cognito's pattern. No underscore after the second character, so that `ProviderName_subject` reads in one way alone. */
const ProviderName = z
  .string()
  .min(3)
  .max(32)
  .regex(/^[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+$/u, '3 to 32 characters, no spaces, no leading underscore')
  .refine((name) => name.toUpperCase() !== 'COGNITO', 'the name COGNITO is taken')

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** https; http on this machine alone, where the guarded fetch asks for an opt-in of its own. */
export const isProviderAddress = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
}
const Address = z.string().max(2048).refine(isProviderAddress, 'an https address')

const MappedAttribute = z
  .string()
  .regex(
    new RegExp(
      `^(?:${STANDARD_ATTRIBUTES.join('|')}|email_verified|phone_number_verified|custom:[A-Za-z0-9_.-]{1,20})$`,
    ),
    'a standard attribute, a verification flag, or custom: and a name',
  )
/** A claim of this very name, or members of objects joined by dots: `address.country`, `emails.0.value`. */
const ClaimPath = z.string().min(1).max(256)

const GroupRule = z.strictObject({
  claim: ClaimPath,
  /** Exactly, letter by letter; one of them where the claim is a list. */
  equals: z.string().min(1).max(256),
  group: z.string().min(1).max(128),
})

const Domain = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'a domain in lower case, without a wildcard')

/** How far the pool believes what the provider says beyond who somebody is. Nothing, unless told otherwise. */
const trust = {
  /**
   * `if-verified`: an address that the provider calls verified is verified here, and may be offered for linking. `always`: so is every
   * address within `emailDomains`, for a directory that hands them out itself. Only for providers where nobody can claim a stranger's.
   */
  trustsEmail: z.enum(['never', 'if-verified', 'always']).default('never'),
  /** Addresses in these domains alone are believed; null: in all. */
  emailDomains: z.array(Domain).min(1).max(50).nullable().default(null),
  trustsPhone: z.boolean().default(false),
  /** The provider's `amr` counts for the pool's second factor. */
  trustsAmr: z.boolean().default(false),
}

/** What is said of every provider, of whatever kind. */
export const common = {
  name: ProviderName,
  enabled: z.boolean().default(true),
  /** Identities may be connected to an account, and never sign anybody in. */
  linkOnly: z.boolean().default(false),
  /** Attribute → claim. Applied at every sign-in. */
  attributeMapping: z.partialRecord(MappedAttribute, ClaimPath).default({}),
  /** Attributes without which nobody gets in, beside the pool's own required ones. */
  requiredAttributes: z.array(MappedAttribute).max(50).default([]),
  groupRules: z.array(GroupRule).max(100).default([]),
  /** Domains and other words that lead here (`idp_identifier`, home-realm discovery); Cognito's limits. */
  identifiers: z
    .array(
      z
        .string()
        .min(1)
        .max(40)
        .regex(/^[\w\s+=.@-]+$/),
    )
    .max(50)
    .default([]),
  /** How far the provider's clock may be off, either way. */
  clockSkewSeconds: z.int().min(0).max(300).default(60),
  ...trust,
}

const credentials = {
  clientId: z.string().min(1).max(512),
  /** Names the client secret, or the private key (PKCS #8, PEM), that is kept apart from the settings. */
  secretReference: z.string().min(1).max(128),
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

export const believesOwnDomainsAlone = (settings: {
  trustsEmail: string
  emailDomains: readonly string[] | null
}): boolean => settings.trustsEmail !== 'always' || settings.emailDomains !== null
export const ALWAYS_NEEDS_DOMAINS = {
  path: ['emailDomains'],
  message: 'trustsEmail: always needs the domains it covers',
}

/** A provider that speaks OpenID Connect. */
export const OidcProviderSettings = z
  .strictObject({
    kind: z.literal('oidc'),
    type: z.enum(['OIDC', 'Google', 'SignInWithApple']).default('OIDC'),
    ...common,
    ...credentials,
    /** Exactly as in the ID tokens; no trailing slash unless they have one. */
    issuer: Address,
    /** Instead of discovery, where that is not usable. */
    endpoints: z
      .strictObject({
        authorization: Address,
        token: Address,
        keys: Address,
        userInfo: Address.nullable().default(null),
        endSession: Address.nullable().default(null),
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
  url: Address,
  /** Claim that the answer becomes; null: its members are the claims. */
  into: z.string().max(64).nullable().default(null),
})

/** A provider that speaks OAuth 2.0 and tells who somebody is by a call of its own. */
export const OAuthProviderSettings = z
  .strictObject({
    kind: z.literal('oauth'),
    type: z.enum(['OAuth', 'Facebook', 'LoginWithAmazon']).default('OAuth'),
    ...common,
    ...credentials,
    endpoints: z.strictObject({ authorization: Address, token: Address }),
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

/** What mapping and linking need to know of a provider, of whatever kind. */
export interface ProviderTrust {
  name: string
  enabled: boolean
  linkOnly: boolean
  attributeMapping: Readonly<Partial<Record<string, string>>>
  requiredAttributes: readonly string[]
  groupRules: readonly { claim: string; equals: string; group: string }[]
  trustsEmail: 'never' | 'if-verified' | 'always'
  emailDomains: readonly string[] | null
  trustsPhone: boolean
  trustsAmr: boolean
}
