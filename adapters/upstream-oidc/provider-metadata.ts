import type { GuardedFetch } from '#core/federation/ports.ts'
import type { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import { isProviderAddress } from '#core/federation/provider-settings.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { deadlineIn, fetchJson, STEP_MS } from './call-out.ts'

/** Where a provider's endpoints are and what it can do: as it says, or as the settings say. */
export interface ProviderMetadata {
  issuer: string
  authorization: string
  token: string
  keys: string
  userInfo: string | null
  endSession: string | null
  /** RFC 9207: every answer names who gives it. */
  namesItself: boolean
  /** The settings' algorithms, as far as the provider uses them. */
  algorithms: readonly string[]
  /** As announced, for looking at a provider; null: not said. */
  announced: {
    challengeMethods: readonly string[] | null
    authMethods: readonly string[] | null
    scopes: readonly string[] | null
  }
}

export const discoveryAddress = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

const textsOf = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null

const REQUIRED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
const OPTIONAL = ['userinfo_endpoint', 'end_session_endpoint'] as const

const unusable = (because: string): Result<never> => fail('upstream-invalid', { because: `discovery: ${because}` })

const readDiscovered = (
  document: Readonly<Record<string, unknown>>,
  settings: OidcProviderSettings,
): Result<ProviderMetadata> => {
  // OpenID Connect Discovery §4.3: whoever answers for another issuer is another issuer.
  if (document.issuer !== settings.issuer) return unusable('the document is of another issuer')
  for (const name of [...REQUIRED, ...OPTIONAL]) {
    const value = document[name]
    if (value === undefined && OPTIONAL.some((one) => one === name)) continue
    if (typeof value !== 'string') return unusable(`${name} is missing`)
    if (!isProviderAddress(value)) return unusable(`${name} is not https`)
  }
  const announcedAlgorithms = textsOf(document.id_token_signing_alg_values_supported)
  const algorithms = settings.signingAlgorithms.filter((one) => announcedAlgorithms?.includes(one) ?? true)
  if (algorithms.length === 0) return unusable('no signing algorithm in common')
  const text = (name: string): string => String(document[name])
  return ok({
    issuer: settings.issuer,
    authorization: text('authorization_endpoint'),
    token: text('token_endpoint'),
    keys: text('jwks_uri'),
    userInfo: document.userinfo_endpoint === undefined ? null : text('userinfo_endpoint'),
    endSession: document.end_session_endpoint === undefined ? null : text('end_session_endpoint'),
    namesItself: document.authorization_response_iss_parameter_supported === true,
    algorithms,
    announced: {
      challengeMethods: textsOf(document.code_challenge_methods_supported),
      authMethods: textsOf(document.token_endpoint_auth_methods_supported),
      scopes: textsOf(document.scopes_supported),
    },
  })
}

/** Fails with `upstream-unreachable`, `upstream-slow` and `upstream-invalid`. */
export const loadMetadata = async (
  settings: OidcProviderSettings,
  call: GuardedFetch,
): Promise<Result<ProviderMetadata>> => {
  const { endpoints, issuer, signingAlgorithms } = settings
  if (endpoints !== null) {
    return ok({
      ...endpoints,
      issuer,
      namesItself: false,
      algorithms: signingAlgorithms,
      announced: { challengeMethods: null, authMethods: null, scopes: null },
    })
  }
  const document = await fetchJson(call, discoveryAddress(issuer), deadlineIn(STEP_MS), 'discovery')
  return document.ok ? readDiscovered(document.value, settings) : document
}

export interface KeySet {
  keys: Record<string, unknown>[]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Symmetric keys in a public document are a mistake or a trap; they are left out. */
export const loadKeys = async (address: string, call: GuardedFetch): Promise<Result<KeySet>> => {
  const document = await fetchJson(call, address, deadlineIn(STEP_MS), 'keys')
  if (!document.ok) return document
  const { keys } = document.value
  if (!Array.isArray(keys) || !keys.every(isObject)) return fail('upstream-invalid', { because: 'keys: no key set' })
  return ok({ keys: keys.filter(({ kty }) => kty !== 'oct') })
}
