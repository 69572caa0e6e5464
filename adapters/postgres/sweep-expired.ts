import type { Database } from './database.ts'

/** A used or expired code is remembered for so long, so that a late click is told what happened. */
const CODES_REMEMBERED_MS = 2 * 3_600_000
/** An expired journey still gets its page that says so. */
const FLOWS_REMEMBERED_MS = 60_000

/**
 * Events from before a moment, oldest first. Their ids are UUIDs of version 7, which begin with the milliseconds of their time
 * (RFC 9562 §5.7): the primary key finds the oldest, and a minute without any costs one look.
 */
export const sweepEvents = async ({ pool }: Pick<Database, 'pool'>, before: Date, limit: number): Promise<number> => {
  const milliseconds = Math.max(0, before.getTime()).toString(16).padStart(12, '0')
  const { rowCount } = await pool.query({
    name: 'event-sweep',
    text: `DELETE FROM auth_event WHERE id = ANY (ARRAY(
             SELECT id FROM auth_event WHERE id < $1::uuid AND created_at < $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED))`,
    values: [`${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`, before, limit],
  })
  return rowCount ?? 0
}

/** Journeys, counters and codes that are dead anyway. Readers do not rely on it. Returns how many rows went. */
export const sweepExpired = async ({ pool }: Pick<Database, 'pool'>, now: Date): Promise<number> => {
  const at = now.getTime()
  const gone = [
    await pool.query('DELETE FROM flow WHERE expires_at < $1', [at - FLOWS_REMEMBERED_MS]),
    await pool.query('DELETE FROM rate_bucket WHERE reset_at < $1', [at]),
    await pool.query('DELETE FROM contact_change WHERE expires_at < $1', [now]),
    await pool.query('DELETE FROM data_export WHERE expires_at < $1', [now]),
    await pool.query('DELETE FROM one_time_code WHERE expires_at < $1', [new Date(at - CODES_REMEMBERED_MS)]),
    await pool.query('DELETE FROM factor_recovery WHERE expires_at < $1', [now]),
    await pool.query('DELETE FROM upstream_session WHERE expires_at < $1', [now]),
    await pool.query('DELETE FROM unsolicited_identity WHERE expires_at < $1', [now]),
  ]
  return gone.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
}
