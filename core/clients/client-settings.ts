import { z } from 'zod'
import { RiskOverride } from '../risk/index.ts'
import { SamlAppSettings } from '../saml-idp/saml-app-settings.ts'
import type { Failure } from '../shared/result.ts'

const DAY = 86_400
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
// What a browser would run or read instead of leaving (attack 6).
const DANGEROUS_SCHEMES = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'filesystem:',
  'ws:',
  'wss:',
  'ftp:',
])

/**
 * Why a callback or logout address is refused; null when it may be registered.
 *
 * Absolute, no fragment, no user info, https — or http on a loopback host, or an app's own scheme. At most 1,024 characters.
 * @see RFC 9700 §2.1, RFC 8252 §7, Cognito `CallbackURLs`
 */
export const redirectUriProblem = (value: string): string | null => {
  if (value.length > 1024) return 'longer than 1,024 characters'
  if (/[\s\\]/.test(value) || !/^[\x21-\x7e]+$/.test(value))
    return 'has spaces, backslashes or characters outside ASCII'
  let url: URL
  try {
    url = new URL(value)
  } catch {
    return 'not an absolute URL'
  }
  if (value.includes('#')) return 'has a fragment'
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/?]*@/i.test(value))
    return 'has user information before the host'
  if (DANGEROUS_SCHEMES.has(url.protocol)) return `the scheme ${url.protocol} is not allowed`
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) return 'plain http is allowed on loopback hosts only'
  if ((url.protocol === 'https:' || url.protocol === 'http:') && url.hostname.includes('*')) return 'has a wildcard'
  return null
}

const RedirectUri = z.string().superRefine((value, context) => {
  const problem = redirectUriProblem(value)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})

/** Called by the server, so an app's own scheme is no address (Back-Channel Logout 1.0 §2.2). */
const CalledUri = RedirectUri.refine((value) => /^https?:/.test(value), 'must be https, or http on a loopback host')

const Lifetime = (least: number, most: number, fallback: number) => z.int().min(least).max(most).default(fallback)

/** Settings of an app client. Lifetimes in seconds, with Cognito's limits. */
export const ClientSettings = z
  .strictObject({
    /** `public` has no secret and must use PKCE; `confidential` has one; `saml` is a service provider of SAML 2.0, without tokens. */
    type: z.enum(['public', 'confidential', 'saml']).default('confidential'),
    displayName: z.string().min(1).max(80).optional(),
    callbackUrls: z.array(RedirectUri).max(100).default([]),
    logoutUrls: z.array(RedirectUri).max(100).default([]),
    /** Where a person is sent to start again when a journey has expired. */
    initiateLoginUrl: RedirectUri.optional(),
    /** Where a signed logout token is posted when a session with this app ends. */
    backchannelLogoutUrl: CalledUri.optional(),
    /** ID tokens and logout tokens carry `sid`; without, an app is told the person alone, and ends all their sessions. */
    backchannelLogoutSessionRequired: z.boolean().default(true),
    /** Origins whose scripts may read token, userInfo and revocation answers; origins of the callback URLs are always in. */
    allowedOrigins: z.array(z.url()).max(100).default([]),
    flows: z
      .array(z.enum(['authorization_code', 'refresh_token', 'client_credentials']))
      .default(['authorization_code', 'refresh_token']),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
      .max(50)
      .default(['openid', 'email', 'profile']),
    pkce: z.enum(['optional', 'required']).default('optional'),
    /** A first-party app asks for no consent. */
    firstParty: z.boolean().default(true),
    /** Everybody who signs in to this app proves a second factor, whatever the pool asks of others. */
    requireSecondFactor: z.boolean().default(false),
    /** Names of the identity providers that people of this app may use, `COGNITO` for accounts of the pool itself; absent: all of them. */
    identityProviders: z.array(z.string().min(1).max(32)).min(1).max(50).optional(),
    /** Parts of the pool's threat protection that are this app's own. */
    threatProtection: RiskOverride.optional(),
    /** What a `saml` client is. */
    saml: SamlAppSettings.optional(),
    readAttributes: z.array(z.string()).optional(),
    writeAttributes: z.array(z.string()).optional(),
    accessTokenSeconds: Lifetime(300, DAY, 3600),
    idTokenSeconds: Lifetime(300, DAY, 3600),
    refreshTokenSeconds: Lifetime(3600, 3650 * DAY, 30 * DAY),
    refreshRotation: z
      .strictObject({ enabled: z.boolean().default(false), graceSeconds: z.int().min(0).max(60).default(10) })
      .prefault({}),
    /** `jwt` as Cognito's, `rfc9068` with audience and `typ: at+jwt`, `opaque` for apps that never look inside. */
    accessTokenFormat: z.enum(['jwt', 'rfc9068', 'opaque']).default('jwt'),
    /** Claims Cognito puts into tokens; the policy and privacy pages shown at consent. */
    privacyUrl: z.url().optional(),
    termsUrl: z.url().optional(),
  })
  .superRefine((settings, context) => {
    const machine = settings.flows.includes('client_credentials')
    if (machine && settings.flows.length > 1) {
      context.addIssue({ code: 'custom', path: ['flows'], message: 'client_credentials excludes the other flows' })
    }
    const isSaml = settings.type === 'saml'
    if (isSaml !== (settings.saml !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['saml'],
        message: isSaml ? 'a saml client needs it: import its metadata' : 'needs type=saml',
      })
    if (isSaml && settings.callbackUrls.length > 0)
      context.addIssue({
        code: 'custom',
        path: ['callbackUrls'],
        message: 'a saml client has saml.assertionConsumers instead',
      })
    if (machine && settings.type !== 'confidential') {
      context.addIssue({ code: 'custom', path: ['flows'], message: 'client_credentials needs a confidential client' })
    }
    if (!isSaml && settings.flows.includes('authorization_code') && settings.callbackUrls.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['callbackUrls'],
        message: 'authorization_code needs at least one callback URL',
      })
    }
    if (settings.flows.includes('refresh_token') && !settings.flows.includes('authorization_code')) {
      context.addIssue({ code: 'custom', path: ['flows'], message: 'refresh_token needs authorization_code' })
    }
    for (const kind of ['accessTokenSeconds', 'idTokenSeconds'] as const) {
      if (settings[kind] >= settings.refreshTokenSeconds) {
        context.addIssue({ code: 'custom', path: [kind], message: 'must be shorter than refreshTokenSeconds' })
      }
    }
  })
export type ClientSettings = z.infer<typeof ClientSettings>
export type ClientSettingsInput = z.input<typeof ClientSettings>

/** An app client as the rest of the house sees it; secrets never leave the store. */
export interface AppClient {
  poolId: string
  id: string
  name: string
  enabled: boolean
  settings: ClientSettings
  createdAt: Date
  updatedAt: Date
}

/** No two clients of a pool speak for one service provider: its messages could be either's. */
export const ENTITY_ID_TAKEN: Failure = {
  code: 'settings-refused',
  problems: [{ path: 'saml.entityId', message: 'is the entity id of another client' }],
}
