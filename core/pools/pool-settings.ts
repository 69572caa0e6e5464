import { z } from 'zod'
import { FACTOR_KINDS } from '../factors/index.ts'
import { RiskSettings } from '../risk/index.ts'

/** Standard attributes (OpenID Connect Core §5.1), as Cognito names them; all values are strings but the two flags. */
export const STANDARD_ATTRIBUTES = [
  'address',
  'birthdate',
  'email',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
] as const

export const SIGN_IN_NAME_KINDS = ['username', 'email', 'phone_number', 'preferred_username'] as const
export type SignInNameKind = (typeof SIGN_IN_NAME_KINDS)[number]

const minutes = (least: number, most: number, fallback: number) => z.int().min(least).max(most).default(fallback)

/** One attribute of the pool's schema. Unlike Cognito's, it can be added, relaxed and required later. */
export const AttributeSettings = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'datetime']).default('string'),
  required: z.boolean().default(false),
  mutable: z.boolean().default(true),
  minLength: z.int().min(0).max(2048).optional(),
  maxLength: z.int().min(1).max(2048).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** Label by language: `{ en: "Team", de: "Gruppe" }`. */
  label: z.record(z.string(), z.string().max(80)).optional(),
})
export type AttributeSettings = z.infer<typeof AttributeSettings>

const AttributeName = z
  .string()
  .regex(
    new RegExp(`^(?:${STANDARD_ATTRIBUTES.join('|')}|custom:[A-Za-z0-9_.-]{1,20})$`),
    'a standard attribute, or custom: and 1 to 20 letters, digits, _ . -',
  )

/**
 * Password policy. `nist` (the default) is NIST SP 800-63B-4 §3.1.1: 15 characters, or 8 where the pool requires a second
 * factor, a blocklist, no composition rules. `cognito` is the default of a new Cognito pool: 8 characters and all four classes.
 */
export const PasswordPolicy = z.strictObject({
  preset: z.enum(['nist', 'cognito']).default('nist'),
  /** Unset: what the preset says. */
  minLength: z.int().min(6).max(99).optional(),
  requireUppercase: z.boolean().optional(),
  requireLowercase: z.boolean().optional(),
  requireNumbers: z.boolean().optional(),
  requireSymbols: z.boolean().optional(),
  blockCommon: z.boolean().default(true),
  /** How many former passwords may not come back. */
  historySize: z.int().min(0).max(24).default(0),
  temporaryPasswordDays: z.int().min(1).max(365).default(7),
})
export type PasswordPolicy = z.infer<typeof PasswordPolicy>

/** Ways to begin a sign-in. A link needs a mailbox, as a code by e-mail does; both prove the same. */
export const FIRST_FACTORS = ['password', 'passkey', 'email-code', 'sms-code', 'magic-link'] as const
export type FirstFactor = (typeof FIRST_FACTORS)[number]

/** Beginning of a phone number as the world dials it (ITU-T E.164): `+49`, `+1900`. */
const PhonePrefix = z.string().regex(/^\+[1-9]\d{0,14}$/, 'a plus sign and up to 15 digits, such as +49')

const CompromisedAction = z.enum(['off', 'tell', 'change', 'block'])

/**
 * What happens to a password that is known from breaches. A new one is refused by `change` as by `block`; at sign-in `change`
 * asks for another one on the spot, `block` takes the password out of use, as Cognito does (RESET_REQUIRED).
 */
export const CompromisedCredentials = z.strictObject({
  signUp: CompromisedAction.default('block'),
  signIn: CompromisedAction.default('change'),
  passwordChange: CompromisedAction.default('block'),
  /** What holds while no source can tell. */
  whenUnavailable: z.enum(['allow', 'block']).default('allow'),
})
export type CompromisedCredentials = z.infer<typeof CompromisedCredentials>

/** Where Cognito and the standards disagree, the standard is the default; `preset: cognito` switches all of them (D8). */
export const CompatibilitySettings = z.strictObject({
  preset: z.enum(['standard', 'cognito']).default('standard'),
  userInfoStringBooleans: z.boolean().optional(),
  openidMeansAllAttributes: z.boolean().optional(),
  missingScopeMeansAll: z.boolean().optional(),
  /** Default on in both presets; never for claims asked for by the `claims` parameter's `userinfo` member. */
  profileClaimsInIdToken: z.boolean().optional(),
  omitTyp: z.boolean().optional(),
  separateAccessTokenKey: z.boolean().optional(),
  customAttributesAsStrings: z.boolean().optional(),
})
export type CompatibilitySettings = z.infer<typeof CompatibilitySettings>

export const PoolSettings = z.strictObject({
  displayName: z.string().min(1).max(80).optional(),
  /** Names that sign in. Pools without `username` ask for an e-mail address or a phone number instead. */
  signInNames: z.array(z.enum(SIGN_IN_NAME_KINDS)).min(1).default(['email']),
  caseSensitiveNames: z.boolean().default(false),
  attributes: z.record(AttributeName, AttributeSettings).default({}),
  autoVerify: z.array(z.enum(['email', 'phone_number'])).default(['email']),
  passwordPolicy: PasswordPolicy.prefault({}),
  compromisedCredentials: CompromisedCredentials.prefault({}),
  /** `optional`: whoever has a second factor is asked for it. `required`: whoever has none sets one up (Cognito `MfaConfiguration`). */
  mfa: z.enum(['off', 'optional', 'required']).default('off'),
  /** Browsers that stand for the second factor (Cognito `DeviceConfiguration`). */
  devices: z
    .strictObject({
      /** `asked`: the person ticks a box; `always`: every browser that showed a second factor. */
      remember: z.enum(['never', 'asked', 'always']).default('never'),
      days: z.int().min(1).max(365).default(30),
    })
    .prefault({}),
  threatProtection: RiskSettings.prefault({}),
  factors: z
    .strictObject({
      /** Kinds that may stand for a second factor, in the order they are offered. */
      allowed: z.array(z.enum(FACTOR_KINDS)).min(1).default(['passkey', 'totp']),
      /** Whether somebody who sets up a factor is given ten codes for the day it is lost. */
      recoveryCodes: z.boolean().default(true),
      /** Ways back for who has lost every factor, besides recovery codes. */
      lost: z
        .strictObject({
          /** The page names whom to ask (`owner`): an administrator can take the factors away. */
          byAdministrator: z.boolean().default(true),
          /** Days after which the password alone sets up a new factor, unless somebody objects; 0: never. */
          waitingDays: z.int().min(0).max(30).default(0),
        })
        .prefault({}),
    })
    .prefault({}),
  passkeys: z
    .strictObject({
      /** Domain that passkeys are bound to. Unset: the host of the pool's address. Another one leaves older passkeys behind. */
      relyingPartyId: z
        .string()
        .max(253)
        .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]*$/, 'a host name in lower case')
        .optional(),
      /** Whether a face, a finger or a PIN is asked for even where the passkey stands for one factor. */
      userVerification: z.enum(['required', 'preferred']).default('preferred'),
      /** Whether who came in by other ways is offered a passkey, where passkeys may begin a sign-in. */
      offer: z.boolean().default(true),
    })
    .prefault({}),
  /** What a person may begin with, in the order it is offered (Cognito `AllowedFirstAuthFactors`). */
  firstFactors: z
    .array(z.enum(FIRST_FACTORS))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'each once')
    .default(['password']),
  /** Where codes may go by SMS. The longest prefix that fits decides; none at all fits: only where none is `allowed`. */
  sms: z
    .strictObject({
      allowedPrefixes: z.array(PhonePrefix).default([]),
      blockedPrefixes: z.array(PhonePrefix).default([]),
    })
    .prefault({}),
  selfSignUp: z.boolean().default(true),
  /** Empty: every domain. Otherwise the lower-case domains that may sign up. */
  allowedEmailDomains: z.array(z.string().toLowerCase()).default([]),
  /** Who is named where sign-up is closed or an app is set up wrongly. */
  owner: z.string().max(120).optional(),
  hideAccounts: z.boolean().default(true),
  signInAfterConfirm: z.boolean().default(true),
  signInLayout: z.enum(['combined', 'identifier-first']).default('combined'),
  session: z
    .strictObject({ maxMinutes: minutes(0, 129_600, 60), keepSignedIn: z.boolean().default(false) })
    .prefault({}),
  codes: z
    .strictObject({
      signUpMinutes: minutes(5, 1440, 15),
      recoveryMinutes: minutes(5, 60, 15),
      /** Codes and links at sign-in, as first or second factor (Cognito `AuthSessionValidity`). */
      signInMinutes: minutes(3, 15, 10),
    })
    .prefault({}),
  /** A person who deletes their account may bring it back for so many days. */
  deletion: z.strictObject({ graceDays: z.int().min(0).max(90).default(14) }).prefault({}),
  algorithm: z.enum(['RS256', 'ES256', 'EdDSA']).default('RS256'),
  compatibility: CompatibilitySettings.prefault({}),
  defaultLocale: z.string().default('en'),
  links: z
    .strictObject({ privacy: z.url().optional(), terms: z.url().optional(), help: z.url().optional() })
    .prefault({}),
  production: z.boolean().default(true),
  messages: z.strictObject({ fromName: z.string().max(80).optional(), fromAddress: z.email().optional() }).prefault({}),
})
export type PoolSettings = z.infer<typeof PoolSettings>
export type PoolSettingsInput = z.input<typeof PoolSettings>

const COGNITO_QUIRKS = {
  userInfoStringBooleans: true,
  openidMeansAllAttributes: true,
  missingScopeMeansAll: true,
  profileClaimsInIdToken: true,
  omitTyp: true,
  separateAccessTokenKey: true,
  customAttributesAsStrings: true,
}
const STANDARD_BEHAVIOUR: typeof COGNITO_QUIRKS = {
  userInfoStringBooleans: false,
  openidMeansAllAttributes: false,
  missingScopeMeansAll: false,
  profileClaimsInIdToken: true,
  omitTyp: false,
  separateAccessTokenKey: false,
  customAttributesAsStrings: false,
}

/** The quirks in force: the preset's, each overridden by its own setting. */
export const quirksOf = ({ compatibility: { preset, ...single } }: Pick<PoolSettings, 'compatibility'>) => {
  const quirks = { ...(preset === 'cognito' ? COGNITO_QUIRKS : STANDARD_BEHAVIOUR) }
  for (const name of Object.keys(quirks) as (keyof typeof quirks)[]) quirks[name] = single[name] ?? quirks[name]
  return quirks
}
export type Quirks = ReturnType<typeof quirksOf>

/** The password rules in force: the preset's, each overridden by its own setting. */
export const passwordRulesOf = ({ passwordPolicy: policy, mfa }: Pick<PoolSettings, 'passwordPolicy' | 'mfa'>) => {
  const composed = policy.preset === 'cognito'
  return {
    minLength: policy.minLength ?? (composed || mfa === 'required' ? 8 : 15),
    requireUppercase: policy.requireUppercase ?? composed,
    requireLowercase: policy.requireLowercase ?? composed,
    requireNumbers: policy.requireNumbers ?? composed,
    requireSymbols: policy.requireSymbols ?? composed,
  }
}

/** A pool as the rest of the house sees it. */
export interface Pool {
  id: string
  name: string
  settings: PoolSettings
  version: number
  createdAt: Date
  updatedAt: Date
}
