import type { Pool } from 'pg'
import type { MessagePurpose, RenderedMessage } from '#core/messages/message.ts'
import type { CapturedMessage, CapturedMessages, ClaimedMessage, Outbox, OutboxCounts } from '#core/messages/ports.ts'
import type { Sealer } from '#core/shared/ports.ts'
import { messageSealedFor } from './alongside.ts'

export interface PgOutboxOptions {
  pool: Pool
  secrets: Sealer
  /** Leaves the content readable once it was sent or given up: for the development inbox. */
  keepContent: boolean
}

interface Row {
  id: string
  pool_id: string
  purpose: string
  sealed: string | null
  status: CapturedMessage['status']
  attempts: number
  created_at: Date
  expires_at: Date | null
}

const BATCH = 1_000
/** How far back the inbox looks for a recipient: the column is a hash, so each message has to be opened. */
const MAX_OPENED = 1_000

/**
 * Chosen in a CTE: as a subquery of IN it may run more than once and take more than its limit. SKIP LOCKED passes over rows
 * that another worker takes at this moment; READ COMMITTED looks at each row again once it is locked. An earlier message to
 * the same recipient that is being taken is unfinished in every snapshot, so that a later one cannot overtake it.
 */
const CLAIM = `
WITH due AS MATERIALIZED (
  SELECT o.id FROM outbox o
  WHERE o.status IN ('queued', 'sending') AND o.channel = $1 AND o.next_attempt_at <= $2::timestamptz
    AND NOT EXISTS (
      SELECT FROM outbox e
      WHERE e.recipient_hash = o.recipient_hash AND e.channel = o.channel AND e.id < o.id AND e.status IN ('queued', 'sending'))
  ORDER BY o.id LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE outbox o SET status = 'sending', attempts = o.attempts + 1, next_attempt_at = $4::timestamptz
FROM due WHERE o.id = due.id
RETURNING o.id, o.pool_id, o.purpose, o.sealed, o.status, o.attempts, o.created_at, o.expires_at`

const MARK_SENT = `
UPDATE outbox SET status = 'sent', sent_at = $2::timestamptz, last_error = NULL, sealed = CASE WHEN $3 THEN sealed END
WHERE id = $1::uuid AND status <> 'sent'`

// The attempt's number is the fence: a worker that comes back after its lease ended changes nothing of its successor's.
const MARK_FAILED = `
UPDATE outbox SET status = 'queued', last_error = $3, next_attempt_at = $4::timestamptz
WHERE id = $1::uuid AND status = 'sending' AND attempts = $2`

const RELEASE = `
UPDATE outbox SET status = 'queued', attempts = attempts - 1, last_error = $3, next_attempt_at = $4::timestamptz
WHERE id = $1::uuid AND status = 'sending' AND attempts = $2`

const BURY = `
UPDATE outbox SET status = 'dead', last_error = $3, sealed = CASE WHEN $4 THEN sealed END
WHERE id = $1::uuid AND status = 'sending' AND attempts = $2`

const BURY_EXPIRED = `
WITH late AS MATERIALIZED (
  SELECT id FROM outbox
  WHERE expires_at <= $1::timestamptz AND (status = 'queued' OR (status = 'sending' AND next_attempt_at <= $1::timestamptz))
  LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
UPDATE outbox o SET status = 'dead', last_error = coalesce(last_error, '') || ' (expired)', sealed = CASE WHEN $2 THEN sealed END
FROM late WHERE o.id = late.id`

// Born never to leave: they have served when they were written.
const DROP_WITHHELD = `
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE status = 'withheld' LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`

const COUNTS = `
SELECT channel,
       count(*) FILTER (WHERE status <> 'dead')::int AS waiting,
       count(*) FILTER (WHERE status = 'dead')::int AS dead,
       min(created_at) FILTER (WHERE status <> 'dead') AS oldest_at
FROM outbox WHERE status IN ('queued', 'sending', 'dead') GROUP BY channel`

const SWEEP = `
DELETE FROM outbox WHERE id IN (
  SELECT id FROM outbox WHERE status IN ('sent', 'dead') AND created_at < $1::timestamptz LIMIT ${BATCH})`

const COLUMNS = 'id, pool_id, purpose, sealed, status, attempts, created_at, expires_at'
const LATEST = `SELECT ${COLUMNS} FROM outbox WHERE sealed IS NOT NULL AND status <> 'withheld' ORDER BY id DESC LIMIT $1`
const FIND = `SELECT ${COLUMNS} FROM outbox WHERE id = $1::uuid AND sealed IS NOT NULL AND status <> 'withheld'`

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NOTHING: OutboxCounts = { waiting: 0, dead: 0, oldestAt: null }

/** The outbox in PostgreSQL. Rows get in through `messageStatement`, in the transaction of the act that causes them. */
export const pgOutbox = ({ pool, secrets, keepContent }: PgOutboxOptions): Outbox & CapturedMessages => {
  const run = (name: string, text: string, values: unknown[]) =>
    pool.query<Row>({ name: `outbox-${name}`, text, values })

  /** Null where the content is gone or was sealed under a secret that is. */
  const opened = (row: Row): RenderedMessage | null => {
    if (row.sealed === null) return null
    try {
      return JSON.parse(secrets.open('outbox', messageSealedFor(row.id), row.sealed)) as RenderedMessage
    } catch {
      return null
    }
  }
  const queued = (row: Row, message: RenderedMessage) => ({
    id: row.id,
    poolId: row.pool_id,
    purpose: row.purpose as MessagePurpose,
    message,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  })
  const captured = (row: Row): CapturedMessage[] => {
    const message = opened(row)
    return message ? [{ ...queued(row, message), status: row.status }] : []
  }
  const bury = async (id: string, attempt: number, error: string): Promise<void> => {
    await run('bury', BURY, [id, attempt, error, keepContent])
  }

  return {
    async claim({ channel, limit, now, leaseSeconds }) {
      const leaseEnds = new Date(now.getTime() + leaseSeconds * 1_000)
      const { rows } = await run('claim', CLAIM, [channel, now, limit, leaseEnds])
      const claimed: ClaimedMessage[] = []
      for (const row of rows) {
        const message = opened(row)
        if (message) claimed.push({ ...queued(row, message), attempt: row.attempts })
        else await bury(row.id, row.attempts, 'the message cannot be opened')
      }
      return claimed.sort((a, b) => (a.id < b.id ? -1 : 1)) // RETURNING keeps no order
    },
    async markSent({ id }, at) {
      await run('mark-sent', MARK_SENT, [id, at, keepContent])
    },
    async markFailed({ id, attempt }, { error, nextAttemptAt }) {
      await run('mark-failed', MARK_FAILED, [id, attempt, error, nextAttemptAt])
    },
    async release({ id, attempt }, { error, at }) {
      await run('release', RELEASE, [id, attempt, error, at])
    },
    bury: ({ id, attempt }, { error }) => bury(id, attempt, error),
    async buryExpired(now) {
      await run('drop-withheld', DROP_WITHHELD, [])
      return (await run('bury-expired', BURY_EXPIRED, [now, keepContent])).rowCount ?? 0
    },
    async counts() {
      const { rows } = await pool.query<{
        channel: 'email' | 'sms'
        waiting: number
        dead: number
        oldest_at: Date | null
      }>({
        name: 'outbox-counts',
        text: COUNTS,
      })
      const found = rows.map(({ channel, waiting, dead, oldest_at }) => [
        channel,
        { waiting, dead, oldestAt: oldest_at },
      ])
      return { email: NOTHING, sms: NOTHING, ...Object.fromEntries(found) }
    },
    async sweep(before) {
      return (await run('sweep', SWEEP, [before])).rowCount ?? 0
    },
    async latest({ limit, to }) {
      const { rows } = await run('latest', LATEST, [to === undefined ? limit : MAX_OPENED])
      const wanted = to?.toLowerCase()
      return rows
        .flatMap(captured)
        .filter(({ message }) => wanted === undefined || message.to.toLowerCase() === wanted)
        .slice(0, limit)
    },
    async find(id) {
      if (!UUID.test(id)) return null
      const { rows } = await run('find', FIND, [id])
      return rows.flatMap(captured)[0] ?? null
    },
  }
}
