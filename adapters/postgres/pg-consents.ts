import type { ConsentStore } from '#core/flows/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

export const pgConsents = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): ConsentStore => ({
  async scopes(poolId, sub, clientId) {
    const { rows } = await pool.query<{ scopes: string[] }>({
      name: 'consent-scopes',
      text: 'SELECT scopes FROM consent WHERE pool_id = $1 AND sub = $2 AND client_id = $3',
      values: [poolId, sub, clientId],
    })
    return rows[0]?.scopes ?? []
  },
  grant: (poolId, sub, clientId, scopes, at, alongside) =>
    inTransaction(pool, async (client) => {
      await client.query({
        name: 'consent-grant',
        text: `INSERT INTO consent (pool_id, sub, client_id, scopes, updated_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (pool_id, sub, client_id) DO UPDATE SET
                 scopes = ARRAY(SELECT DISTINCT unnest(consent.scopes || excluded.scopes) ORDER BY 1), updated_at = excluded.updated_at`,
        values: [poolId, sub, clientId, [...scopes], at],
      })
      await writeAlongside(client, alongside, secrets)
    }),
})
