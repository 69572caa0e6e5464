import type { ContactChange, ContactChangeStore } from '#core/account/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface ContactChangeRow {
  pool_id: string
  id: string
  sub: string
  attribute: ContactChange['attribute']
  old_value: string | null
  new_value: string
  created_at: Date
  expires_at: Date
}

const COLUMNS = 'pool_id, id, sub, attribute, old_value, new_value, created_at, expires_at'

const toChange = (row: ContactChangeRow | undefined): ContactChange | null =>
  row === undefined
    ? null
    : {
        poolId: row.pool_id,
        id: row.id,
        sub: row.sub,
        attribute: row.attribute,
        oldValue: row.old_value,
        newValue: row.new_value,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }

export const pgContactChanges = (
  { pool }: Pick<Database, 'pool'>,
  secrets: Sealer & KeyedHash,
): ContactChangeStore => ({
  start: (change, alongside) =>
    inTransaction(pool, async (client) => {
      await client.query({
        name: 'contact-change-replace',
        text: 'DELETE FROM contact_change WHERE pool_id = $1 AND sub = $2 AND attribute = $3 AND confirmed_at IS NULL',
        values: [change.poolId, change.sub, change.attribute],
      })
      await client.query({
        name: 'contact-change-start',
        text: `INSERT INTO contact_change (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        values: [
          change.poolId,
          change.id,
          change.sub,
          change.attribute,
          change.oldValue,
          change.newValue,
          change.createdAt,
          change.expiresAt,
        ],
      })
      await writeAlongside(client, alongside, secrets)
    }),

  async waiting(poolId, sub, attribute, at) {
    const { rows } = await pool.query<ContactChangeRow>({
      name: 'contact-change-waiting',
      text: `SELECT ${COLUMNS} FROM contact_change WHERE pool_id = $1 AND sub = $2 AND attribute = $3
             AND confirmed_at IS NULL AND expires_at > $4 ORDER BY created_at DESC LIMIT 1`,
      values: [poolId, sub, attribute, at],
    })
    return toChange(rows[0])
  },

  async confirm(poolId, id, undoHash, at, expiresAt) {
    const { rowCount } = await pool.query({
      name: 'contact-change-confirm',
      text: `UPDATE contact_change SET confirmed_at = $4, undo_hash = $3, expires_at = $5
             WHERE pool_id = $1 AND id = $2 AND confirmed_at IS NULL`,
      values: [poolId, id, undoHash, at, expiresAt],
    })
    return rowCount === 1
  },

  async findByUndo(poolId, undoHash, at) {
    const { rows } = await pool.query<ContactChangeRow>({
      name: 'contact-change-by-undo',
      text: `SELECT ${COLUMNS} FROM contact_change WHERE pool_id = $1 AND undo_hash = $2
             AND undone_at IS NULL AND expires_at > $3`,
      values: [poolId, undoHash, at],
    })
    return toChange(rows[0])
  },

  async undo(poolId, id, at) {
    const { rowCount } = await pool.query({
      name: 'contact-change-undo',
      // Those that were built upon it are undone with it: whoever took the account must not bring one of theirs back.
      text: `WITH first AS (
               SELECT sub, attribute, confirmed_at FROM contact_change WHERE pool_id = $1 AND id = $2
               AND confirmed_at IS NOT NULL AND undone_at IS NULL AND expires_at > $3 FOR UPDATE)
             UPDATE contact_change c SET undone_at = $3 FROM first
             WHERE c.pool_id = $1 AND c.sub = first.sub AND c.attribute = first.attribute
               AND c.confirmed_at >= first.confirmed_at AND c.undone_at IS NULL`,
      values: [poolId, id, at],
    })
    return (rowCount ?? 0) > 0
  },

  async drop(poolId, sub, attribute) {
    await pool.query({
      name: 'contact-change-drop',
      text: 'DELETE FROM contact_change WHERE pool_id = $1 AND sub = $2 AND attribute = $3 AND confirmed_at IS NULL',
      values: [poolId, sub, attribute],
    })
  },
})
