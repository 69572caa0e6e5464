import type { PoolClient } from 'pg'
import { endingStatement } from './sign-out-statements.ts'

/** What oidc-provider keeps of a session, by client. */
export type Authorizations = Readonly<Record<string, { sid?: string; grantId?: string }>>

export const grantsOf = (authorizations: Authorizations | null): string[] =>
  Object.values(authorizations ?? {}).flatMap(({ grantId }) => grantId ?? [])

/**
 * Within a transaction: a person's sessions end, with their grants and the apps of both, all but the one whose id is `keep` and what
 * it gave; null: all of them.
 */
export const endOtherSessions = async (
  client: Pick<PoolClient, 'query'>,
  { poolId, sub, keep, at }: { poolId: string; sub: string; keep: string | null; at: Date },
): Promise<void> => {
  const { rows } = await client.query<{ id: string; authorizations: Authorizations | null }>({
    name: 'own-sessions-of-all',
    text: `SELECT uid_hash AS id, payload->'authorizations' AS authorizations FROM oidc_artifact
           WHERE pool_id = $1 AND sub = $2 AND kind = 'Session' FOR UPDATE`,
    values: [poolId, sub],
  })
  const kept = rows.filter(({ id }) => id === keep).flatMap(({ authorizations }) => grantsOf(authorizations))
  const keeping = keep === null ? {} : { keep: { session: keep, grants: kept } }
  const { text, values } = endingStatement({ poolId, sub, at, before: null, ...keeping })
  await client.query(text, [...values])
  await client.query({
    name: 'own-sessions-end-others',
    text: `DELETE FROM oidc_artifact WHERE pool_id = $1 AND sub = $2 AND kind <> 'Interaction'
           AND NOT (kind = 'Session' AND uid_hash IS NOT DISTINCT FROM $3)
           AND (grant_id IS NULL OR NOT grant_id = ANY ($4))`,
    values: [poolId, sub, keep, kept],
  })
}
