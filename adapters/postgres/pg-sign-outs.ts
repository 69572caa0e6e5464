import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { ClaimedSignOut, SignOutCounts, SignOutQueue } from '#core/sign-out/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface Row {
  id: string
  pool_id: string
  client_id: string
  sub: string
  sid: string | null
  attempts: number
  created_at: Date
}

/**
 * Per app, those under way count first: what is left of its share may be taken. SKIP LOCKED passes over rows that another worker
 * takes at this moment; READ COMMITTED looks at each row again once it is locked.
 */
const CLAIM = `
WITH ranked AS (
  SELECT id, next_attempt_at, row_number() OVER (
    PARTITION BY pool_id, client_id
    ORDER BY (status = 'sending' AND next_attempt_at > $1::timestamptz) DESC, next_attempt_at, id) AS place
  FROM app_sign_out WHERE status IN ('queued', 'sending')),
due AS MATERIALIZED (
  SELECT s.id FROM app_sign_out s
  WHERE s.id IN (SELECT id FROM ranked WHERE place <= $2 AND next_attempt_at <= $1::timestamptz)
    AND s.status IN ('queued', 'sending') AND s.next_attempt_at <= $1::timestamptz
  ORDER BY s.id LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE app_sign_out s SET status = 'sending', attempts = s.attempts + 1, next_attempt_at = $4::timestamptz
FROM due WHERE s.id = due.id
RETURNING s.id, s.pool_id, s.client_id, s.sub, s.sid, s.attempts, s.created_at`

// The attempt's number is the fence: a worker that comes back after its lease ended changes nothing of its successor's.
const HELD = `pool_id = $1 AND id = $2 AND status = 'sending' AND attempts = $3`

const toClaimed = (row: Row): ClaimedSignOut => ({
  id: row.id,
  poolId: row.pool_id,
  clientId: row.client_id,
  sub: row.sub,
  sid: row.sid,
  at: row.created_at,
  attempt: row.attempts,
})

/** Rows come in through `signOutStatement` and `endingStatement`, in the transaction of the act that ends the session. */
export const pgSignOuts = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): SignOutQueue => ({
  async claim({ limit, perApp, now, leaseSeconds }) {
    const leaseEnds = new Date(now.getTime() + leaseSeconds * 1000)
    const { rows } = await pool.query<Row>({
      name: 'sign-out-claim',
      text: CLAIM,
      values: [now, perApp, limit, leaseEnds],
    })
    return rows.map(toClaimed).sort((a, b) => Number(a.id) - Number(b.id)) // RETURNING keeps no order
  },

  settle: ({ poolId, id }, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'sign-out-settle',
        text: 'DELETE FROM app_sign_out WHERE pool_id = $1 AND id = $2',
        values: [poolId, id],
      })
      if (rowCount === 1) await writeAlongside(client, alongside, secrets)
    }),

  async retry({ poolId, id, attempt }, { error, nextAttemptAt }) {
    await pool.query({
      name: 'sign-out-retry',
      text: `UPDATE app_sign_out SET status = 'queued', last_error = $4, next_attempt_at = $5 WHERE ${HELD}`,
      values: [poolId, id, attempt, error, nextAttemptAt],
    })
  },

  bury: ({ poolId, id, attempt }, { error }, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'sign-out-bury',
        text: `UPDATE app_sign_out SET status = 'dead', last_error = $4 WHERE ${HELD}`,
        values: [poolId, id, attempt, error],
      })
      if (rowCount === 1) await writeAlongside(client, alongside, secrets)
    }),

  async counts(): Promise<SignOutCounts> {
    const { rows } = await pool.query<{ waiting: number; dead: number; oldest_at: Date | null }>({
      name: 'sign-out-counts',
      text: `SELECT count(*) FILTER (WHERE status <> 'dead')::int AS waiting, count(*) FILTER (WHERE status = 'dead')::int AS dead,
               min(created_at) FILTER (WHERE status <> 'dead') AS oldest_at FROM app_sign_out`,
    })
    const [row] = rows
    return { waiting: row?.waiting ?? 0, dead: row?.dead ?? 0, oldestAt: row?.oldest_at ?? null }
  },

  async sweep(before) {
    const { rowCount } = await pool.query({
      name: 'sign-out-sweep',
      text: `DELETE FROM app_sign_out WHERE status = 'dead' AND created_at < $1`,
      values: [before],
    })
    return rowCount ?? 0
  },
})
