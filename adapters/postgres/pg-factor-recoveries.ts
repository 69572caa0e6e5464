import type { FactorRecovery, FactorRecoveryStore } from '#core/factors/factor-recovery.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface Row {
  pool_id: string
  sub: string
  token_hash: string
  requested_at: Date
  ready_at: Date
  expires_at: Date
  password_changed_at: Date
}

const COLUMNS = 'pool_id, sub, token_hash, requested_at, ready_at, expires_at, password_changed_at'

const toRecovery = (row: Row): FactorRecovery => ({
  poolId: row.pool_id,
  sub: row.sub,
  tokenHash: row.token_hash,
  requestedAt: row.requested_at,
  readyAt: row.ready_at,
  expiresAt: row.expires_at,
  passwordChangedAt: row.password_changed_at,
})

export const pgFactorRecoveries = (
  { pool }: Pick<Database, 'pool'>,
  secrets: Sealer & KeyedHash,
): FactorRecoveryStore => ({
  async find(poolId, sub, passwordChangedAt, at) {
    const { rows } = await pool.query<Row>({
      name: 'factor-recovery-find',
      text: `SELECT ${COLUMNS} FROM factor_recovery
             WHERE pool_id = $1 AND sub = $2 AND password_changed_at = $3 AND ended_at IS NULL AND expires_at > $4`,
      values: [poolId, sub, passwordChangedAt, at],
    })
    return rows[0] === undefined ? null : toRecovery(rows[0])
  },

  request: (wish, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'factor-recovery-request',
        // Takes the place of one that is over; one that is live stays, with its own time.
        text: `INSERT INTO factor_recovery AS known (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (pool_id, sub) DO UPDATE
               SET token_hash = EXCLUDED.token_hash, requested_at = EXCLUDED.requested_at, ready_at = EXCLUDED.ready_at,
                   expires_at = EXCLUDED.expires_at, password_changed_at = EXCLUDED.password_changed_at, ended_at = NULL
               WHERE known.ended_at IS NOT NULL OR known.expires_at <= EXCLUDED.requested_at
                  OR known.password_changed_at <> EXCLUDED.password_changed_at`,
        values: [
          wish.poolId,
          wish.sub,
          wish.tokenHash,
          wish.requestedAt,
          wish.readyAt,
          wish.expiresAt,
          wish.passwordChangedAt,
        ],
      })
      if (rowCount !== 1) return false
      await writeAlongside(client, alongside, secrets)
      return true
    }),

  cancel: (poolId, sub, at, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'factor-recovery-cancel',
        text: `UPDATE factor_recovery SET ended_at = $3
               WHERE pool_id = $1 AND sub = $2 AND ended_at IS NULL AND expires_at > $3`,
        values: [poolId, sub, at],
      })
      if (rowCount !== 1) return false
      await writeAlongside(client, alongside, secrets)
      return true
    }),

  async findByToken(poolId, tokenHash, at) {
    const { rows } = await pool.query<Row>({
      name: 'factor-recovery-by-token',
      text: `SELECT ${COLUMNS} FROM factor_recovery
             WHERE pool_id = $1 AND token_hash = $2 AND ended_at IS NULL AND expires_at > $3`,
      values: [poolId, tokenHash, at],
    })
    return rows[0] === undefined ? null : toRecovery(rows[0])
  },

  complete: (poolId, sub, passwordChangedAt, at, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'factor-recovery-complete',
        text: `UPDATE factor_recovery SET ended_at = $4
               WHERE pool_id = $1 AND sub = $2 AND password_changed_at = $3
                 AND ended_at IS NULL AND ready_at <= $4 AND expires_at > $4`,
        values: [poolId, sub, passwordChangedAt, at],
      })
      if (rowCount !== 1) return false
      for (const table of ['factor', 'recovery_code', 'device'])
        await client.query(`DELETE FROM ${table} WHERE pool_id = $1 AND sub = $2`, [poolId, sub])
      await writeAlongside(client, alongside, secrets)
      return true
    }),
})
