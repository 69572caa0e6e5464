import type { IdentityKey, LinkedIdentity } from '#core/federation/federated-profile.ts'
import { MOST_LINKED_IDENTITIES } from '#core/federation/link-decision.ts'
import { identityText } from '#core/shared/identity-text.ts'
import type { Statement } from './database.ts'

/** The row a sealed value of an identity is bound to: neither another identity's nor another person's. */
export const identitySealedFor = (key: IdentityKey, sub: string, what: 'claims' | 'tokens'): string =>
  `${what}:${identityText(key, sub)}`

/**
 * Holds a provider until commit, so that nobody is linked to one that goes: its name may be given again, and the link would be
 * the next one's. Before any person's row, as the provider's own deletion does.
 */
export const holdProviderStatement = (poolId: string, provider: string): Statement => ({
  text: 'SELECT 1 FROM identity_provider WHERE pool_id = $1 AND name = $2 FOR SHARE',
  values: [poolId, provider],
})

/** No row: its tokens are not kept. Held until commit, so that none is kept behind the back of who switches that off. */
export const holdTokenKeeperStatement = (poolId: string, provider: string): Statement => ({
  text: `SELECT 1 FROM identity_provider WHERE pool_id = $1 AND name = $2
           AND (settings->>'enabled')::boolean AND (settings->>'keepsTokens')::boolean FOR SHARE`,
  values: [poolId, provider],
})

/** No row: somebody has the identity, or the person has as many as may be. The person's row is locked by then. */
export const linkStatement = (identity: LinkedIdentity, sub: string): Statement => ({
  text: `INSERT INTO linked_identity (pool_id, provider, subject, sub, provider_type, issuer, is_primary, linked_at)
         SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::boolean, $8::timestamptz
         WHERE (SELECT count(*) FROM linked_identity WHERE pool_id = $1::text AND sub = $4::text) < $9::int
         ON CONFLICT (pool_id, provider, subject) DO NOTHING`,
  values: [
    identity.poolId,
    identity.provider,
    identity.subject,
    sub,
    identity.providerType,
    identity.issuer,
    identity.isPrimary,
    identity.linkedAt.toISOString(),
    MOST_LINKED_IDENTITIES,
  ],
})

/** Nothing is honoured any more that those who have an identity at the provider were given before. After their apps are queued. */
export const endSessionsByStatement = (poolId: string, provider: string, at: Date): Statement => ({
  text: `UPDATE user_account SET sessions_valid_after = GREATEST(sessions_valid_after, $3::timestamptz)
         WHERE pool_id = $1 AND status <> 'DELETING'
           AND sub IN (SELECT sub FROM linked_identity WHERE pool_id = $1 AND provider = $2)`,
  values: [poolId, provider, at.toISOString()],
})
