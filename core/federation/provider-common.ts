import { z } from 'zod'
import { STANDARD_ATTRIBUTES } from '../pools/pool-settings.ts'

/** Cognito's `ProviderType`; ours are `OAuth`, plain OAuth 2.0 with a profile call, and `LDAP`. */
export const PROVIDER_TYPES = [
  'OIDC',
  'OAuth',
  'SAML',
  'LDAP',
  'Google',
  'Facebook',
  'LoginWithAmazon',
  'SignInWithApple',
] as const
export type ProviderType = (typeof PROVIDER_TYPES)[number]

/** Cognito's pattern. No underscore after the second character, so that `ProviderName_subject` reads in one way alone. */
const ProviderName = z
  .string()
  .min(3)
  .max(32)
  .regex(
    /^[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+$/u,
    '3 to 32 characters, no spaces, no underscore but as the second character',
  )
  .refine((name) => name.toUpperCase() !== 'COGNITO', 'the name COGNITO is taken')

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** https; http on this machine alone, where the guarded fetch asks for an opt-in of its own. */
export const isProviderAddress = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
}
export const ProviderAddress = z.string().max(2048).refine(isProviderAddress, 'an https address')

const MappedAttribute = z
  .string()
  .regex(
    new RegExp(
      `^(?:${STANDARD_ATTRIBUTES.join('|')}|email_verified|phone_number_verified|custom:[A-Za-z0-9_.-]{1,20})$`,
    ),
    {
      error: ({ input }) =>
        input === 'username'
          ? 'leave it out: user names are made of the provider and its subject'
          : 'a standard attribute, a verification flag, or custom: and a name',
    },
  )
/** A claim of this very name, or members of objects joined by dots: `address.country`, `emails.0.value`. */
export const ClaimPath = z.string().min(1).max(256)

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
  /** The provider's `amr` counts for the pool's second factor, and is passed on in tokens. */
  trustsAmr: z.boolean().default(false),
  /** `as-pool`: the pool's second factor is asked for here too; `never`: that is the provider's business, as with Cognito. */
  secondFactor: z.enum(['as-pool', 'never']).default('as-pool'),
}

/** What is said of every provider, whatever it speaks. */
export const providerCommon = {
  name: ProviderName,
  /** What people read on the button; absent: the name. */
  displayName: z.string().trim().min(1).max(60).optional(),
  /** Key of the known provider whose mark stands on the button; null: none. */
  logo: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .nullable()
    .default(null),
  /** Place among the pool's providers on the sign-in page, the lowest first; by name where they are equal. */
  position: z.int().min(0).max(1000).default(100),
  enabled: z.boolean().default(true),
  /** Whether somebody whom nobody knows here gets a profile; otherwise only people who are connected come in. */
  createsUsers: z.boolean().default(true),
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
  /** Keeps the provider's access and refresh token, encrypted, for the pool's own use. */
  keepsTokens: z.boolean().default(false),
  ...trust,
}

export const believesOwnDomainsAlone = (settings: {
  trustsEmail: string
  emailDomains: readonly string[] | null
}): boolean => settings.trustsEmail !== 'always' || settings.emailDomains !== null
export const ALWAYS_NEEDS_DOMAINS = {
  path: ['emailDomains'],
  message: 'trustsEmail: always needs the domains it covers',
}

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

/** Whether anybody comes in by a provider: one that is switched off, or that is only connected, signs nobody in. */
export const signsPeopleIn = ({ enabled, linkOnly }: Pick<ProviderTrust, 'enabled' | 'linkOnly'>): boolean =>
  enabled && !linkOnly
