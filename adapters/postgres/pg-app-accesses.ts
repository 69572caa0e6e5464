import type { AppAccess, AppAccesses } from '#core/account/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'
import { STILL_HONOURED } from './still-honoured.ts'

interface AccessRow {
  client_id: string
  scopes: string[] | null
  since: Date
  last_used_at: Date | null
}

const LIST = `SELECT client_id, array_agg(DISTINCT scope) FILTER (WHERE scope IS NOT NULL AND scope <> '') AS scopes,
    min(since) AS since, max(last_used_at) AS last_used_at
  FROM (
    SELECT c.client_id, unnest(c.scopes) AS scope, c.updated_at AS since, NULL::timestamptz AS last_used_at
    FROM consent c WHERE c.pool_id = $1 AND c.sub = $2
    UNION ALL
    SELECT a.client_id, unnest(string_to_array(coalesce(a.payload->'openid'->>'scope', ''), ' ') || ''::text),
      to_timestamp(a.created_at / 1000.0),
      to_timestamp((SELECT max(t.created_at) FROM oidc_artifact t
        WHERE t.pool_id = a.pool_id AND t.grant_id = a.grant_id AND t.kind <> 'Grant') / 1000.0)
    FROM oidc_artifact a WHERE a.pool_id = $1 AND a.sub = $2 AND a.kind = 'Grant'
      AND (a.expires_at IS NULL OR a.expires_at > $3) AND ${STILL_HONOURED}
  ) access GROUP BY client_id ORDER BY max(last_used_at) DESC NULLS LAST, client_id`

const toAccess = (row: AccessRow): AppAccess => ({
  clientId: row.client_id,
  scopes: row.scopes ?? [],
  since: row.since,
  lastUsedAt: row.last_used_at,
})

/** `now` is the clock's: expired grants give no access. */
export const pgAppAccesses = (
  { pool }: Pick<Database, 'pool'>,
  secrets: Sealer & KeyedHash,
  now: () => Date,
): AppAccesses => ({
  async list(poolId, sub) {
    const values = [poolId, sub, Math.floor(now().getTime() / 1000)]
    const { rows } = await pool.query<AccessRow>({ name: 'app-accesses', text: LIST, values })
    return rows.map(toAccess)
  },

  revoke: (poolId, sub, clientId, alongside) =>
    inTransaction(pool, async (client) => {
      const values = [poolId, sub, clientId]
      const consents = await client.query({
        name: 'app-access-consent',
        text: 'DELETE FROM consent WHERE pool_id = $1 AND sub = $2 AND client_id = $3',
        values,
      })
      const artifacts = await client.query({
        name: 'app-access-artifacts',
        text: 'DELETE FROM oidc_artifact WHERE pool_id = $1 AND sub = $2 AND client_id = $3',
        values,
      })
      if ((consents.rowCount ?? 0) + (artifacts.rowCount ?? 0) === 0) return fail('client-unknown')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),
})
