import type { Factor, FactorKind, PasskeyDetail } from '#core/factors/factor.ts'
import type { FactorStore, RecoveryCodeStore } from '#core/factors/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface FactorRow {
  pool_id: string
  sub: string
  id: string
  kind: FactorKind
  name: string | null
  sealed: string | null
  address: string | null
  credential_id: string | null
  detail: { passkey?: PasskeyDetail }
  /** bigint comes as text */
  counter: string
  created_at: Date
  last_used_at: Date | null
}

const COLUMNS =
  'pool_id, sub, id, kind, name, sealed, address, credential_id, detail, counter, created_at, last_used_at'

const toFactor = (row: FactorRow): Factor => ({
  poolId: row.pool_id,
  sub: row.sub,
  id: row.id,
  kind: row.kind,
  name: row.name,
  address: row.address,
  credentialId: row.credential_id,
  passkey: row.detail.passkey ?? null,
  counter: Number(row.counter),
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})

/** The row a sealed secret is bound to: copied to another person it does not open. */
export const factorBoundTo = (poolId: string, sub: string, id: string): string => `factor:${poolId}|${sub}|${id}`

export const pgFactors = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): FactorStore => ({
  async list(poolId, sub) {
    const { rows } = await pool.query<FactorRow>({
      name: 'factor-list',
      text: `SELECT ${COLUMNS} FROM factor WHERE pool_id = $1 AND sub = $2 ORDER BY created_at, id`,
      values: [poolId, sub],
    })
    return rows.map(toFactor)
  },

  enrol: (factor, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'factor-enrol',
        // Whichever unique key it meets: the person's one of this kind, or the pool's one with this credential.
        text: `INSERT INTO factor (pool_id, sub, id, kind, name, sealed, address, credential_id, detail, counter, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11) ON CONFLICT DO NOTHING`,
        values: [
          factor.poolId,
          factor.sub,
          factor.id,
          factor.kind,
          factor.name,
          factor.secret === null
            ? null
            : secrets.seal('factor', factorBoundTo(factor.poolId, factor.sub, factor.id), factor.secret),
          factor.address,
          factor.credentialId,
          JSON.stringify(factor.passkey === null ? {} : { passkey: factor.passkey }),
          factor.counter,
          factor.createdAt,
        ],
      })
      if (rowCount !== 1) return fail('factor-exists')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),

  async secretOf(poolId, sub, id) {
    const { rows } = await pool.query<{ sealed: string | null }>({
      name: 'factor-secret',
      text: 'SELECT sealed FROM factor WHERE pool_id = $1 AND sub = $2 AND id = $3',
      values: [poolId, sub, id],
    })
    const sealed = rows[0]?.sealed ?? null
    return sealed === null ? null : secrets.open('factor', factorBoundTo(poolId, sub, id), sealed)
  },

  async advance(poolId, sub, id, counter, at) {
    const { rowCount } = await pool.query({
      name: 'factor-advance',
      // A passkey that never counts stays at zero; everything else must go forward.
      text: `UPDATE factor SET counter = $4, last_used_at = $5
             WHERE pool_id = $1 AND sub = $2 AND id = $3
               AND (counter < $4 OR (kind = 'passkey' AND counter = 0 AND $4 = 0))`,
      values: [poolId, sub, id, counter, at],
    })
    return rowCount === 1
  },

  async used(poolId, sub, id, at) {
    await pool.query({
      name: 'factor-used',
      text: 'UPDATE factor SET last_used_at = GREATEST(last_used_at, $4) WHERE pool_id = $1 AND sub = $2 AND id = $3',
      values: [poolId, sub, id, at],
    })
  },

  async findByCredential(poolId, credentialId) {
    const { rows } = await pool.query<FactorRow>({
      name: 'factor-by-credential',
      text: `SELECT ${COLUMNS} FROM factor WHERE pool_id = $1 AND credential_id = $2`,
      values: [poolId, credentialId],
    })
    return rows[0] === undefined ? null : toFactor(rows[0])
  },

  async noteBackup(poolId, sub, id, isBackedUp) {
    await pool.query({
      name: 'factor-note-backup',
      text: `UPDATE factor SET detail = jsonb_set(detail, '{passkey,isBackedUp}', $4::jsonb)
             WHERE pool_id = $1 AND sub = $2 AND id = $3 AND kind = 'passkey'`,
      values: [poolId, sub, id, JSON.stringify(isBackedUp)],
    })
  },

  rename: (poolId, sub, id, name, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'factor-rename',
        text: 'UPDATE factor SET name = $4 WHERE pool_id = $1 AND sub = $2 AND id = $3',
        values: [poolId, sub, id, name],
      })
      if (rowCount !== 1) return fail('factor-missing')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),

  remove: (poolId, sub, id, alongside, keepOneOf = null) =>
    inTransaction(pool, async (client) => {
      if (keepOneOf !== null) {
        // Two removals at once wait for one another at the person's row: each then sees what the other has left.
        await client.query({
          name: 'factor-remove-lock',
          text: 'SELECT 1 FROM user_account WHERE pool_id = $1 AND sub = $2 FOR UPDATE',
          values: [poolId, sub],
        })
        const { rows } = await client.query<{ id: string }>({
          name: 'factor-remove-others',
          text: 'SELECT id FROM factor WHERE pool_id = $1 AND sub = $2 AND kind = ANY ($3)',
          values: [poolId, sub, [...keepOneOf]],
        })
        if (rows.length === 1 && rows[0]?.id === id) return fail('last-factor')
      }
      const { rowCount } = await client.query({
        name: 'factor-remove',
        text: 'DELETE FROM factor WHERE pool_id = $1 AND sub = $2 AND id = $3',
        values: [poolId, sub, id],
      })
      if (rowCount !== 1) return fail('factor-missing')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),

  removeAll: (poolId, sub, alongside) =>
    inTransaction(pool, async (client) => {
      for (const table of ['factor', 'recovery_code', 'device'])
        await client.query(`DELETE FROM ${table} WHERE pool_id = $1 AND sub = $2`, [poolId, sub])
      await writeAlongside(client, alongside, secrets)
    }),

  prefer: (poolId, sub, kind, alongside) =>
    inTransaction(pool, async (client) => {
      await client.query({
        name: 'factor-prefer',
        text: 'UPDATE user_account SET preferred_factor = $3 WHERE pool_id = $1 AND sub = $2',
        values: [poolId, sub, kind],
      })
      await writeAlongside(client, alongside, secrets)
    }),
})

export const pgRecoveryCodes = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): RecoveryCodeStore => ({
  replace: (poolId, sub, hashes, at, alongside) =>
    inTransaction(pool, async (client) => {
      // Two replacements at once must not leave twenty: they wait for one another at the person's row.
      await client.query({
        name: 'recovery-codes-lock',
        text: 'SELECT 1 FROM user_account WHERE pool_id = $1 AND sub = $2 FOR UPDATE',
        values: [poolId, sub],
      })
      await client.query({
        name: 'recovery-codes-drop',
        text: 'DELETE FROM recovery_code WHERE pool_id = $1 AND sub = $2',
        values: [poolId, sub],
      })
      await client.query({
        name: 'recovery-codes-insert',
        text: `INSERT INTO recovery_code (pool_id, sub, code_hash, created_at)
               SELECT $1, $2, hash, $4 FROM unnest($3::text[]) AS hash`,
        values: [poolId, sub, [...hashes], at],
      })
      await writeAlongside(client, alongside, secrets)
    }),

  use: (poolId, sub, hash, at, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'recovery-code-use',
        text: `UPDATE recovery_code SET used_at = $4
               WHERE pool_id = $1 AND sub = $2 AND code_hash = $3 AND used_at IS NULL`,
        values: [poolId, sub, hash, at],
      })
      if (rowCount !== 1) return false
      await writeAlongside(client, alongside, secrets)
      return true
    }),

  async count(poolId, sub) {
    const { rows } = await pool.query<{ left: number; total: number; created_at: Date | null }>({
      name: 'recovery-code-count',
      text: `SELECT count(*) FILTER (WHERE used_at IS NULL)::int AS left, count(*)::int AS total, max(created_at) AS created_at
             FROM recovery_code WHERE pool_id = $1 AND sub = $2`,
      values: [poolId, sub],
    })
    const [row] = rows
    return row === undefined || row.created_at === null
      ? null
      : { left: row.left, total: row.total, createdAt: row.created_at }
  },
})
