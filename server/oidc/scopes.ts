import { errors, type KoaContext } from 'oidc-provider'
import { type Quirks, STANDARD_ATTRIBUTES } from '#core/pools/pool-settings.ts'
import { PERSON_SCOPES } from './client-metadata.ts'
import type { PoolForOidc } from './pool-for-oidc.ts'

const PROFILE_CLAIMS = STANDARD_ATTRIBUTES.filter((name) => !['email', 'phone_number', 'address'].includes(name))

type PoolScopes = Pick<PoolForOidc, 'pool' | 'resourceServers'>

const customClaims = ({ pool }: PoolScopes): string[] =>
  Object.keys(pool.settings.attributes).filter((name) => name.startsWith('custom:'))

/** Scopes of the pool's resource servers: `identifier/name`. */
export const customScopes = ({ resourceServers }: PoolScopes): string[] =>
  resourceServers.flatMap((server) => server.scopes.map((scope) => `${server.identifier}/${scope.name}`))

/** Every scope the pool knows. What a client may have and the pool no longer knows is granted to nobody. */
export const knownScopes = (pool: PoolScopes): string[] => [...PERSON_SCOPES, ...customScopes(pool)]

/** Claims that come with each scope (OpenID Connect Core §5.4); custom attributes belong to the profile. */
export const scopeClaims = (pool: PoolScopes) => ({
  // As Cognito's: apps look there for who somebody came in by, whatever else they asked for.
  openid: ['sub', 'identities'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  profile: [...PROFILE_CLAIMS, ...customClaims(pool)],
  address: ['address'],
  acr: null,
  sid: null,
  auth_time: null,
  iss: null,
})

/** Claims beside the scopes' own: in Cognito, `openid` asked for alone stands for everything the client may read. */
export const claimsBeyondScope = (pool: PoolScopes, quirks: Quirks) => {
  const everything = Object.values(scopeClaims(pool)).flatMap((claims) => claims ?? [])
  return (scope: string): readonly string[] => (quirks.openidMeansAllAttributes && scope === 'openid' ? everything : [])
}

const words = (scope: string | undefined): string[] => (scope ?? '').split(' ').filter((word) => word !== '')

/** RFC 6749 §3.3: what is not this client's is refused by name, never dropped in silence. */
const refuseOthers = (asked: readonly string[], allowed: readonly string[]): void => {
  const others = asked.filter((scope) => !allowed.includes(scope))
  if (others.length > 0) throw new errors.InvalidScope('requested scope is unknown or not allowed', others.join(' '))
}

/**
 * The authorization endpoint's check, once the redirect address is known to be the client's. It looks at the request as it
 * came: by now the library has dropped what the pool does not know, which we refuse.
 */
export const checkAskedScope = (
  { query }: KoaContext,
  remaining: string | undefined,
  client: KoaContext['oidc']['client'],
): void => {
  const asked = words(typeof query.scope === 'string' ? query.scope : remaining)
  // RFC 6749 §3.3: a request without scope has a default or fails. Where the pool has one it is set by now.
  if (asked.length === 0) throw new errors.InvalidScope('scope is missing')
  // Ignored where it means nothing (OpenID Connect Core §11).
  refuseOthers(
    asked.filter((scope) => scope !== 'offline_access'),
    client.portico_settings.scopes,
  )
}

/** Scopes of a token without a person: custom ones of the client's alone; all of them when none is named. */
export const machineScopes = (pool: PoolScopes) => {
  const known = new Set(customScopes(pool))
  return ({ oidc: { client, params } }: KoaContext): string | undefined => {
    const own = client.portico_settings.scopes.filter((scope) => !PERSON_SCOPES.includes(scope))
    const asked = words(params.scope)
    refuseOthers(asked, own)
    const granted = (asked.length > 0 ? asked : own).filter((scope) => known.has(scope))
    return granted.length === 0 ? undefined : granted.join(' ')
  }
}

/** What of a grant still counts: a client that lost a scope has it no longer in tokens issued from now on. */
export const stillAllowed = (pool: PoolScopes) => {
  const known = new Set(knownScopes(pool))
  return (scope: string, ctx: KoaContext | undefined): string => {
    const client = ctx?.oidc.client
    if (client === undefined) return scope
    return words(scope)
      .filter((each) => known.has(each) && client.portico_settings.scopes.includes(each))
      .join(' ')
  }
}
