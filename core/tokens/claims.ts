import { identitiesClaim } from '../federation/index.ts'
import type { PoolSettings, Quirks } from '../pools/pool-settings.ts'
import type { UserGroup } from '../users/ports.ts'
import type { Attributes } from '../users/user.ts'
import type { TokenAccount } from './account.ts'

export type Claims = Record<string, unknown>

const asNumber = (value: string): number | string =>
  value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value

/** OpenID Connect Core §5.1.1: an object. A value that is not JSON is the whole address as one text. */
const asAddress = (value: string): unknown => {
  if (value.startsWith('{')) {
    try {
      return JSON.parse(value)
    } catch {
      return { formatted: value }
    }
  }
  return { formatted: value }
}

const customValue = (value: string, type: string | undefined): unknown =>
  type === 'number' ? asNumber(value) : type === 'boolean' ? value === 'true' : value

/**
 * A person's attributes as claims, in the types of OpenID Connect Core §5.1: `updated_at` a number, the flags booleans,
 * `address` an object. No nulls and no empty strings. `readable` is what the client may read.
 */
export const attributeClaims = (
  attributes: Attributes,
  schema: PoolSettings['attributes'],
  readable: ReadonlySet<string>,
  quirks: Quirks,
  use: 'id_token' | 'userinfo',
): Claims => {
  const claims: Claims = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (!readable.has(name) || value === '') continue
    if (typeof value === 'boolean') {
      // Cognito's userInfo says "true" and "false" in quotes; its ID tokens do not.
      claims[name] = use === 'userinfo' && quirks.userInfoStringBooleans ? String(value) : value
    } else if (name === 'updated_at') claims[name] = asNumber(value)
    else if (name === 'address') claims[name] = asAddress(value)
    else if (name.startsWith('custom:'))
      claims[name] = quirks.customAttributesAsStrings ? value : customValue(value, schema[name]?.type)
    else claims[name] = value
  }
  return claims
}

/**
 * Who a person is at identity providers, in Cognito's shape; nothing for who is nobody there, or where the client may not read it.
 * Cognito's userInfo says it as one text.
 */
export const identityClaims = (
  { identities }: Pick<TokenAccount, 'identities'>,
  readable: ReadonlySet<string>,
  quirks: Quirks,
  use: 'id_token' | 'userinfo',
): Claims => {
  if (identities.length === 0 || !readable.has('identities')) return {}
  const claim = identitiesClaim(identities)
  return { identities: use === 'userinfo' && quirks.userInfoStringBooleans ? JSON.stringify(claim) : claim }
}

/** Role of the group that wins: the lowest precedence. Unset when groups of equal precedence name different roles. */
const preferredRole = (groups: readonly UserGroup[]): string | null => {
  const [first] = groups
  if (first === undefined) return null
  const best = groups.filter((group) => group.precedence === first.precedence && group.roleArn !== null)
  const roles = new Set(best.map((group) => group.roleArn))
  return roles.size === 1 ? (best[0]?.roleArn ?? null) : null
}

export interface GroupClaims {
  groups: readonly string[]
  roles: readonly string[]
  preferredRole: string | null
}

/** The groups of an account as claims have them. */
export const groupsOf = ({ groups }: Pick<TokenAccount, 'groups'>): GroupClaims => ({
  groups: groups.map((group) => group.name),
  roles: groups.flatMap((group) => (group.roleArn === null ? [] : [group.roleArn])),
  preferredRole: preferredRole(groups),
})

const present = (claims: Claims): Claims =>
  Object.fromEntries(
    Object.entries(claims).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )

export interface SignInFacts {
  eventId: string | null
  /** Id of the first token of this sign-in; refreshes keep it. */
  originJti: string
  jti: string
  /** Seconds since the epoch of the sign-in's oldest proof; a refresh keeps it. */
  authTime: number | undefined
  /** Level and methods of the sign-in's proofs (OpenID Connect Core §2, RFC 8176). */
  acr: string | undefined
  amr: readonly string[] | undefined
}

/** What Cognito adds to an ID token beside the attributes; the time of the sign-in always. Absent rather than empty. */
export const idTokenExtras = (account: TokenAccount, groups: GroupClaims, facts: SignInFacts): Claims =>
  present({
    token_use: 'id',
    auth_time: facts.authTime,
    acr: facts.acr,
    amr: facts.amr,
    'cognito:username': account.user.username,
    'cognito:groups': groups.groups,
    'cognito:roles': groups.roles,
    'cognito:preferred_role': groups.preferredRole,
    event_id: facts.eventId,
    origin_jti: facts.originJti,
    jti: facts.jti,
  })

/** What stands in an access token of a person beside `iss`, `sub`, `exp`, `iat`, `scope` and `client_id`. No attributes, no roles. */
export const accessTokenExtras = (account: TokenAccount, groups: GroupClaims, facts: SignInFacts): Claims =>
  present({
    token_use: 'access',
    version: 2,
    username: account.user.username,
    'cognito:groups': groups.groups,
    auth_time: facts.authTime,
    event_id: facts.eventId,
    origin_jti: facts.originJti,
    jti: facts.jti,
  })

/** An access token of a client on its own behalf: `sub` is the client (observed), and no person's claims. */
export const clientTokenExtras = (jti: string, authTime: number): Claims => ({
  token_use: 'access',
  version: 2,
  auth_time: authTime,
  jti,
})

/** Claims no trigger may touch (Cognito "Pre token generation", attack 81). */
const RESERVED = new Set([
  'acr',
  'amr',
  'aud',
  'at_hash',
  'auth_time',
  'azp',
  'c_hash',
  'client_id',
  'cognito:username',
  'device_key',
  'event_id',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'scope',
  'sid',
  'sub',
  'token_use',
  'username',
  'version',
  'cnf',
])

// The last one would become the prototype of whoever copies the claims by assignment.
const mayChange = (name: string): boolean =>
  !RESERVED.has(name) && !/^(?:cognito|aws|dev):/.test(name) && name !== '__proto__'

/** A trigger's additions and removals, without the reserved ones. A claim both added and suppressed is suppressed. */
export const withTriggerClaims = (
  claims: Claims,
  change: { add: Readonly<Record<string, unknown>>; suppress: readonly string[] },
): Claims => {
  const added = Object.entries(change.add).filter(([name]) => mayChange(name))
  const suppressed = new Set(change.suppress.filter(mayChange))
  return Object.fromEntries([...Object.entries(claims), ...added].filter(([name]) => !suppressed.has(name)))
}
