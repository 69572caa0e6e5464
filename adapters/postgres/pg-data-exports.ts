import type { DataExport, DataExportStore, ExportFiles } from '#core/account/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface DataExportRow {
  pool_id: string
  id: string
  sub: string
  status: DataExport['status']
  locale: DataExport['locale']
  created_at: Date
  ready_at: Date | null
  expires_at: Date
}

const COLUMNS = 'pool_id, id, sub, status, locale, created_at, ready_at, expires_at'
const PURPOSE = 'data-export'

const toExport = (row: DataExportRow): DataExport => ({
  poolId: row.pool_id,
  id: row.id,
  sub: row.sub,
  status: row.status,
  locale: row.locale,
  createdAt: row.created_at,
  readyAt: row.ready_at,
  expiresAt: row.expires_at,
})

/** The row a sealed copy is bound to. */
const rowOf = (poolId: string, id: string): string => `${poolId}|${id}`

export const pgDataExports = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): DataExportStore => ({
  ask: (asked, alongside) =>
    inTransaction(pool, async (client) => {
      // Two at once wait for one another at the person's row.
      await client.query({
        name: 'data-export-lock',
        text: 'SELECT 1 FROM user_account WHERE pool_id = $1 AND sub = $2 FOR UPDATE',
        values: [asked.poolId, asked.sub],
      })
      const { rowCount } = await client.query({
        name: 'data-export-ask',
        text: `INSERT INTO data_export (${COLUMNS}) SELECT $1, $2, $3, $4, $5, $6::timestamptz, NULL, $7::timestamptz
               WHERE NOT EXISTS (SELECT 1 FROM data_export
                 WHERE pool_id = $1 AND sub = $3 AND status <> 'failed' AND expires_at > $6::timestamptz)`,
        values: [asked.poolId, asked.id, asked.sub, asked.status, asked.locale, asked.createdAt, asked.expiresAt],
      })
      if (rowCount !== 1) return false
      await writeAlongside(client, alongside, secrets)
      return true
    }),

  async latest(poolId, sub, at) {
    const { rows } = await pool.query<DataExportRow>({
      name: 'data-export-latest',
      text: `SELECT ${COLUMNS} FROM data_export WHERE pool_id = $1 AND sub = $2 AND expires_at > $3
             ORDER BY created_at DESC LIMIT 1`,
      values: [poolId, sub, at],
    })
    return rows[0] === undefined ? null : toExport(rows[0])
  },

  async waiting(limit) {
    const { rows } = await pool.query<DataExportRow>({
      name: 'data-export-waiting',
      text: `SELECT ${COLUMNS} FROM data_export WHERE status = 'queued' ORDER BY created_at LIMIT $1`,
      values: [limit],
    })
    return rows.map(toExport)
  },

  ready: (poolId, id, files, at, expiresAt, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'data-export-ready',
        text: `UPDATE data_export SET status = 'ready', sealed = $3, ready_at = $4, expires_at = $5
               WHERE pool_id = $1 AND id = $2 AND status = 'queued'`,
        values: [poolId, id, secrets.seal(PURPOSE, rowOf(poolId, id), JSON.stringify(files)), at, expiresAt],
      })
      if (rowCount !== 1) return false
      await writeAlongside(client, alongside, secrets)
      return true
    }),

  async failed(poolId, id) {
    await pool.query({
      name: 'data-export-failed',
      text: `UPDATE data_export SET status = 'failed' WHERE pool_id = $1 AND id = $2 AND status = 'queued'`,
      values: [poolId, id],
    })
  },

  async open(poolId, sub, at) {
    const { rows } = await pool.query<{ id: string; sealed: string | null }>({
      name: 'data-export-open',
      text: `SELECT id, sealed FROM data_export
             WHERE pool_id = $1 AND sub = $2 AND status = 'ready' AND expires_at > $3 ORDER BY created_at DESC LIMIT 1`,
      values: [poolId, sub, at],
    })
    const [row] = rows
    if (row?.sealed == null) return null
    return JSON.parse(secrets.open(PURPOSE, rowOf(poolId, row.id), row.sealed)) as ExportFiles
  },
})
