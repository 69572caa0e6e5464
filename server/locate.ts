import { type AccountPlace, accountPlace } from '#core/account/index.ts'
import { FLOW_STEPS, type FlowStep } from '#core/flows/index.ts'
import { POOL_ID } from '#core/shared/ids.ts'
import type { Screen } from './aliases.ts'

/** What an address means. Everything that is not listed here is a 404. */
export type Place =
  | { kind: 'discovery'; poolId: string }
  | { kind: 'jwks'; poolId: string }
  | { kind: 'oidc'; poolId: string; rest: string }
  | { kind: 'logout'; poolId: string; rest: string }
  | { kind: 'saml-idp'; poolId: string; part: SamlIdpPart }
  | { kind: 'alias'; poolId: string; screen: Screen }
  /** Where passkeys are made and looked after; null: the host's own, where no pool is named. */
  | { kind: 'passkey-endpoints'; poolId: string | null }
  | { kind: 'link'; poolId: string }
  | { kind: 'recovery-link'; poolId: string }
  | { kind: 'question-link'; poolId: string }
  | { kind: 'sign-in-link'; poolId: string }
  | { kind: 'recovery-codes'; poolId: string; flowId: string }
  | { kind: 'language'; poolId: string }
  | { kind: 'account'; poolId: string; place: AccountPlace }
  | { kind: 'flow'; poolId: string; flowId: string; step: FlowStep | null }
  | { kind: 'flow-complete'; poolId: string; flowId: string }
  /** A journey leaves for an identity provider, and fetches what it sent back. */
  | { kind: 'provider-departure'; poolId: string; flowId: string }
  | { kind: 'provider-return'; poolId: string; flowId: string }
  /** Sign-out at a provider, and back from there. */
  | { kind: 'provider-logout'; poolId: string; path: '/logout/provider' | '/oauth2/logout' | '/saml2/logout' }
  /** What the operator of a SAML identity provider imports. */
  | { kind: 'saml-metadata'; poolId: string }
  /** Where identity providers send the browser back to. */
  | { kind: 'provider-answer'; poolId: string; path: '/oauth2/idpresponse' | '/saml2/idpresponse' }
  | { kind: 'theme'; poolId: string; clientId: string; hash: string }
  | { kind: 'image'; poolId: string; name: string }
  | { kind: 'asset'; name: string }
  | { kind: 'inbox'; rest: string }
  | { kind: 'preview' }
  /** The pool, where the address names one: its page says that nothing is here. */
  | { kind: 'nowhere'; poolId: string | null }

/** What a pool answers as a SAML identity provider, below `/saml2/idp/`. */
const SAML_IDP_PARTS = ['metadata', 'sso', 'slo', 'init', 'continue', 'leave', 'logout'] as const
export type SamlIdpPart = (typeof SAML_IDP_PARTS)[number]

const ALIASES = {
  login: 'sign-in',
  signup: 'sign-up',
  forgotPassword: 'forgot-password',
  changePassword: 'change-password',
} as const

const OIDC = /^\/oauth2\/(?:authorize(?:\/[\w-]{20,64})?|token|userInfo|revoke|introspect)$/
const LOGOUT: ReadonlySet<string> = new Set([
  '/logout',
  '/logout/confirm',
  // What came of it.
  '/logout/success',
  '/logout/everywhere',
  '/logout/only-here',
  '/logout/stayed',
])
const FLOW_ID = /^[\w-]{20,64}$/
const STEPS: ReadonlySet<string> = new Set(FLOW_STEPS)

const inPool = (poolId: string, rest: string): Place => {
  if (rest === '/.well-known/openid-configuration' || rest === '/.well-known/oauth-authorization-server')
    return { kind: 'discovery', poolId }
  if (rest === '/.well-known/passkey-endpoints') return { kind: 'passkey-endpoints', poolId }
  if (rest === '/passkeys/add') return { kind: 'alias', poolId, screen: 'enrol-passkey' }
  if (rest === '/.well-known/jwks.json') return { kind: 'jwks', poolId }
  // A password manager's way in: the person's own page, whatever app they come from.
  if (rest === '/.well-known/change-password') return { kind: 'account', poolId, place: 'password' }
  if (OIDC.test(rest)) return { kind: 'oidc', poolId, rest }
  if (rest === '/logout/provider' || rest === '/oauth2/logout' || rest === '/saml2/logout')
    return { kind: 'provider-logout', poolId, path: rest }
  if (rest === '/saml2/metadata') return { kind: 'saml-metadata', poolId }
  if (rest === '/oauth2/idpresponse' || rest === '/saml2/idpresponse')
    return { kind: 'provider-answer', poolId, path: rest }
  if (LOGOUT.has(rest)) return { kind: 'logout', poolId, rest }
  const part = SAML_IDP_PARTS.find((name) => rest === `/saml2/idp/${name}`)
  if (part !== undefined) return { kind: 'saml-idp', poolId, part }
  if (rest === '/language') return { kind: 'language', poolId }
  if (rest === '/confirmUser' || rest === '/confirmUser/') return { kind: 'link', poolId }
  if (rest === '/wasThisYou') return { kind: 'question-link', poolId }
  if (rest === '/signInLink') return { kind: 'sign-in-link', poolId }
  if (rest === '/factorRecovery') return { kind: 'recovery-link', poolId }
  const place = accountPlace(rest)
  if (place !== null) return { kind: 'account', poolId, place }
  const [, first = '', second, third, fourth] = rest.split('/')
  if (second === undefined && Object.hasOwn(ALIASES, first))
    return { kind: 'alias', poolId, screen: ALIASES[first as keyof typeof ALIASES] }
  if (first === 'flow' && second !== undefined && FLOW_ID.test(second) && fourth === undefined) {
    if (third === undefined) return { kind: 'flow', poolId, flowId: second, step: null }
    if (third === 'complete') return { kind: 'flow-complete', poolId, flowId: second }
    if (third === 'provider') return { kind: 'provider-departure', poolId, flowId: second }
    if (third === 'return') return { kind: 'provider-return', poolId, flowId: second }
    if (third === 'recovery-codes.txt') return { kind: 'recovery-codes', poolId, flowId: second }
    if (STEPS.has(third)) return { kind: 'flow', poolId, flowId: second, step: third as FlowStep }
  }
  if (first === '_theme' && third !== undefined && fourth === undefined && /^[0-9a-f]{64}\.css$/.test(third)) {
    return { kind: 'theme', poolId, clientId: second === 'pool' ? '' : (second ?? ''), hash: third.slice(0, 64) }
  }
  if (first === '_image' && third === undefined && /^[\w.-]{1,80}$/.test(second ?? ''))
    return { kind: 'image', poolId, name: second ?? '' }
  return { kind: 'nowhere', poolId }
}

/**
 * The whole URL space: path → place. Pure, exact, case-sensitive; encoded or doubled slashes, dots and trailing slashes are
 * somewhere else, so that no two spellings reach one handler.
 */
export const locate = (url: string): Place => {
  const path = url.split('?', 1)[0] ?? '/'
  if (path.length > 300 || /%|\/\/|\/\.{1,2}(?:\/|$)|\\/.test(path)) return { kind: 'nowhere', poolId: null }
  const [, first = '', ...others] = path.split('/')
  if (POOL_ID.test(first)) return inPool(first, `/${others.join('/')}`)
  const wellKnown = /^\/\.well-known\/(?:oauth-authorization-server|openid-configuration)\/([^/]+)$/.exec(path)?.[1]
  // RFC 8414 §3: the well-known part stands before the issuer's path.
  if (wellKnown !== undefined && POOL_ID.test(wellKnown)) return { kind: 'discovery', poolId: wellKnown }
  if (path === '/.well-known/passkey-endpoints') return { kind: 'passkey-endpoints', poolId: null }
  if (first === 'assets' && others.length === 1 && /^[\w.-]{1,120}$/.test(others[0] ?? ''))
    return { kind: 'asset', name: others[0] ?? '' }
  if (first === 'dev' && (others[0] === 'inbox' || path === '/dev/inbox.json')) return { kind: 'inbox', rest: path }
  if (first === 'preview') return { kind: 'preview' }
  return { kind: 'nowhere', poolId: null }
}
