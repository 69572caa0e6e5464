import { createHash } from 'node:crypto'
import type { Departure, UpstreamRequest, UpstreamState } from '#core/federation/ports.ts'
import type { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import type { Random } from '#core/shared/ports.ts'
import type { ProviderMetadata } from './provider-metadata.ts'

/** What is remembered while the browser is away: it binds the answer to this provider, this browser and this journey. */
export interface Remembered extends UpstreamState {
  provider: string
  issuer: string
  state: string
  nonce: string
  /** RFC 7636. */
  verifier: string
  callbackUrl: string
  /** Epoch seconds before which an authentication is too old; empty: any age will do. */
  notBefore: string
}

const NAMES = ['provider', 'issuer', 'state', 'nonce', 'verifier', 'callbackUrl', 'notBefore'] as const

/** Null for what another kind of provider remembered. */
export const readRemembered = (state: UpstreamState): Remembered | null =>
  NAMES.every((name) => typeof state[name] === 'string') ? (state as Remembered) : null

const secret = (random: Random): string => Buffer.from(random.bytes(32)).toString('base64url')

/** The authorization request, and what its answer will be held against. */
export const departTo = (
  metadata: Pick<ProviderMetadata, 'authorization'>,
  settings: OidcProviderSettings,
  request: UpstreamRequest,
  random: Random,
): { departure: Departure; remember: Remembered } => {
  const remember: Remembered = {
    provider: settings.name,
    issuer: settings.issuer,
    state: request.state,
    nonce: secret(random),
    verifier: secret(random),
    callbackUrl: request.callbackUrl,
    notBefore: request.forceAuthentication ? String(Math.floor(request.now / 1000)) : '',
  }
  // OpenID Connect Core §3.1.2.1: a list, separated by blanks.
  const prompts = [
    ...(request.forceAuthentication ? ['login'] : []),
    ...(request.asksForAccount ? ['select_account'] : []),
  ]
  const url = new URL(metadata.authorization)
  const parameters = {
    ...settings.authorizationParameters,
    client_id: settings.clientId,
    redirect_uri: request.callbackUrl,
    response_type: 'code',
    scope: settings.scopes.join(' '),
    state: remember.state,
    nonce: remember.nonce,
    code_challenge: createHash('sha256').update(remember.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ui_locales: request.locale,
    ...(settings.responseMode === 'form_post' && { response_mode: 'form_post' }),
    // max_age makes a provider that keeps to the protocol say when it authenticated (OpenID Connect Core §3.1.2.1).
    ...(request.forceAuthentication && { max_age: '0' }),
    ...(prompts.length > 0 && { prompt: prompts.join(' ') }),
    ...(request.loginHint !== null && { login_hint: request.loginHint }),
    ...(request.acr !== null && { acr_values: request.acr }),
  }
  // Set, not appended: an endpoint's own query cannot bring a second value.
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { departure: { kind: 'redirect', url: url.href }, remember }
}
