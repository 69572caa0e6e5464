import type { Database } from './database.ts'

/** A used or expired code is remembered for so long, so that a late click is told what happened. */
const CODES_REMEMBERED_MS = 2 * 3_600_000
/** An expired journey still gets its page that says so. */
const FLOWS_REMEMBERED_MS = 60_000

/** Journeys, counters and codes that are dead anyway. Readers do not rely on it. Returns how many rows went. */
export const sweepExpired = async ({ pool }: Pick<Database, 'pool'>, now: Date): Promise<number> => {
  const at = now.getTime()
  const gone = [
    await pool.query('DELETE FROM flow WHERE expires_at < $1', [at - FLOWS_REMEMBERED_MS]),
    await pool.query('DELETE FROM rate_bucket WHERE reset_at < $1', [at]),
    await pool.query('DELETE FROM one_time_code WHERE expires_at < $1', [new Date(at - CODES_REMEMBERED_MS)]),
  ]
  return gone.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
}
