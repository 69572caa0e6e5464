import type { Payload } from 'oidc-provider'
import type { ClientForProtocol } from '#adapters/postgres/pg-token-reads.ts'
import type { Pool } from '#core/pools/pool-settings.ts'

/** Scopes that concern a person; what else a client has are scopes of resource servers. */
export const PERSON_SCOPES = [
  'openid',
  'email',
  'phone',
  'profile',
  'address',
  'offline_access',
  'aws.cognito.signin.user.admin',
]

/**
 * Our app client in the library's words (OpenID Connect Dynamic Client Registration §2). `known` are the scopes of the pool:
 * a client may list one whose resource server is gone.
 */
export const clientMetadata = (
  { client, secretHashes }: ClientForProtocol,
  pool: Pool,
  known: ReadonlySet<string>,
): Payload => {
  const { settings } = client
  const isPublic = settings.type !== 'confidential'
  return {
    client_id: client.id,
    client_name: settings.displayName ?? client.name,
    // Never compared: PoolProvider asks for the hashes. The library only wants to see that there is one.
    ...(isPublic ? {} : { client_secret: secretHashes[0] ?? 'none' }),
    token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_basic',
    application_type: settings.callbackUrls.every((uri) => uri.startsWith('https:')) ? 'web' : 'native',
    redirect_uris: settings.callbackUrls,
    post_logout_redirect_uris: settings.logoutUrls,
    grant_types: settings.flows,
    response_types: settings.flows.includes('authorization_code') ? ['code'] : [],
    scope: settings.scopes.filter((scope) => known.has(scope)).join(' '),
    id_token_signed_response_alg: pool.settings.algorithm,
    ...(settings.initiateLoginUrl?.startsWith('https:') ? { initiate_login_uri: settings.initiateLoginUrl } : {}),
    ...(settings.backchannelLogoutUrl === undefined
      ? {}
      : {
          backchannel_logout_uri: settings.backchannelLogoutUrl,
          backchannel_logout_session_required: settings.backchannelLogoutSessionRequired,
        }),
    portico_settings: settings,
  }
}
