import type { UnsolicitedIdentities, UpstreamIdentity } from '#core/federation/ports.ts'
import type { Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'

const PURPOSE = 'unsolicited-identity'
/** The row that a sealed identity is bound to. */
const rowOf = (...parts: [poolId: string, id: string, provider: string]): string => JSON.stringify(parts)

/** Identities that nobody asked for, until they are taken: one delete decides who gets them. */
export const pgUnsolicitedIdentities = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer): UnsolicitedIdentities => ({
  async keep(poolId, id, { provider, identity, expiresAt }) {
    await pool.query({
      name: 'unsolicited-keep',
      text: `INSERT INTO unsolicited_identity (pool_id, id, provider, identity_sealed, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      values: [
        poolId,
        id,
        provider,
        secrets.seal(PURPOSE, rowOf(poolId, id, provider), JSON.stringify(identity)),
        expiresAt,
      ],
    })
  },
  async take(poolId, id, now) {
    const { rows } = await pool.query<{ provider: string; identity_sealed: string; expires_at: Date }>({
      name: 'unsolicited-take',
      text: 'DELETE FROM unsolicited_identity WHERE pool_id = $1 AND id = $2 RETURNING provider, identity_sealed, expires_at',
      values: [poolId, id],
    })
    const [row] = rows
    if (row === undefined || row.expires_at <= now) return null
    const { provider, identity_sealed: sealed } = row
    const identity = JSON.parse(secrets.open(PURPOSE, rowOf(poolId, id, provider), sealed)) as UpstreamIdentity
    return { provider, identity }
  },
})
