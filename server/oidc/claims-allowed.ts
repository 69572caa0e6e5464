import type { Grant } from 'oidc-provider'
import type { ClientSettings } from '#core/clients/client-settings.ts'
import type { PoolForOidc } from './pool-for-oidc.ts'
import { scopeClaims } from './scopes.ts'

/**
 * Puts claims asked for one by one (OpenID Connect Core §5.5) into a grant. An app of our own gets what it may read; another
 * one gets only what belongs to a scope that the person allowed, or the claims parameter would be a way around the consent
 * page. What is not allowed is recorded as declined: the library would ask for it again and again.
 */
export const allowClaims = (
  grant: Pick<Grant, 'addOIDCClaims' | 'rejectOIDCClaims'>,
  pool: PoolForOidc,
  { firstParty }: Pick<ClientSettings, 'firstParty'>,
  allowedScopes: Iterable<string>,
  asked: readonly string[],
): void => {
  const byScope: Readonly<Record<string, readonly string[] | null>> = scopeClaims(pool)
  const covered = new Set([...allowedScopes].flatMap((scope) => byScope[scope] ?? []))
  const allowed = asked.filter((claim) => firstParty || covered.has(claim))
  const declined = asked.filter((claim) => !allowed.includes(claim))
  if (allowed.length > 0) grant.addOIDCClaims(allowed)
  if (declined.length > 0) grant.rejectOIDCClaims(declined)
}
