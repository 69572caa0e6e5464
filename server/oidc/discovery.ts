import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { publicJwk } from '#adapters/postgres/prisma-signing-keys.ts'
import { ACR_VALUES } from '#core/factors/index.ts'
import { LOCALES } from '#core/shared/locales.ts'
import { readableAttributes } from '#core/users/index.ts'
import { ROUTES } from './build-provider.ts'
import type { PoolForOidc } from './pool-for-oidc.ts'
import { customScopes } from './scopes.ts'

/** A document made once per version of the pool's settings: its bytes and their name. */
export interface PreparedDocument {
  body: Buffer
  etag: string
}

export const prepare = (document: unknown): PreparedDocument => {
  const body = Buffer.from(JSON.stringify(document))
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` }
}

/**
 * Discovery metadata (OpenID Connect Discovery §3, RFC 8414 §2), made from settings. The library's own repeats the
 * request's host; ours cannot be led to name another.
 */
export const discoveryDocument = (pool: PoolForOidc, publicOrigin: string): PreparedDocument => {
  const base = `${publicOrigin}${pool.base}`
  const { settings } = pool.pool
  return prepare({
    issuer: pool.issuer,
    authorization_endpoint: `${base}${ROUTES.authorization}`,
    token_endpoint: `${base}${ROUTES.token}`,
    userinfo_endpoint: `${base}${ROUTES.userinfo}`,
    jwks_uri: `${pool.issuer}${ROUTES.jwks}`,
    revocation_endpoint: `${base}${ROUTES.revocation}`,
    introspection_endpoint: `${base}${ROUTES.introspection}`,
    end_session_endpoint: `${base}${ROUTES.end_session}`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    scopes_supported: ['openid', 'email', 'phone', 'profile', 'address', 'offline_access', ...customScopes(pool)],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [settings.algorithm],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    acr_values_supported: ACR_VALUES,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
    claim_types_supported: ['normal'],
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'amr',
      'sid',
      ...readableAttributes(settings, {}),
    ],
    claims_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: LOCALES.map((locale) => locale.tag),
    ...(settings.links.privacy === undefined ? {} : { op_policy_uri: settings.links.privacy }),
    ...(settings.links.terms === undefined ? {} : { op_tos_uri: settings.links.terms }),
  })
}

export const jwksDocument = (pool: PoolForOidc): PreparedDocument =>
  prepare({ keys: pool.keys.map((key) => publicJwk(key.privateJwk)) })

/** Answers with prepared bytes; 304 when the caller has them. Public data: any origin may read it. */
export const sendDocument = (req: IncomingMessage, res: ServerResponse, { body, etag }: PreparedDocument): void => {
  res.setHeader('access-control-allow-origin', '*')
  res.setHeader('cache-control', 'public, max-age=300')
  res.setHeader('etag', etag)
  res.setHeader('x-content-type-options', 'nosniff')
  if (req.method === 'OPTIONS') {
    res.setHeader('access-control-allow-methods', 'GET, HEAD')
    res.writeHead(204).end()
  } else if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('allow', 'GET, HEAD, OPTIONS')
    res.writeHead(405).end()
  } else if (req.headers['if-none-match'] === etag) res.writeHead(304).end()
  else {
    res.setHeader('content-type', 'application/json')
    res.setHeader('content-length', body.length)
    res.writeHead(200).end(req.method === 'HEAD' ? undefined : body)
  }
}
