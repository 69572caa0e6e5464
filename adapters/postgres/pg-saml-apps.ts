import type { SamlApps } from '#core/saml-idp/ports.ts'
import type { Database } from './database.ts'

export const pgSamlApps = ({ pool }: Pick<Database, 'pool'>): SamlApps => ({
  async findByEntityId(poolId, entityId) {
    const { rows } = await pool.query<{ id: string }>({
      name: 'saml-app-find',
      text: `SELECT id FROM app_client
             WHERE pool_id = $1 AND enabled AND settings->>'type' = 'saml' AND settings->'saml'->>'entityId' = $2`,
      values: [poolId, entityId],
    })
    return rows[0]?.id ?? null
  },
})
