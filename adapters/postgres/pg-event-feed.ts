import type { Pool } from 'pg'
import type { EventFeed } from '#core/events/ports.ts'
import type { Database } from './database.ts'
import { inTransaction } from './in-transaction.ts'
import { EVENT_COLUMNS, type EventRow, toEvent } from './pg-event-history.ts'

interface Cursor {
  /** Transaction ids are 64 bits wide: text on this side. */
  written_in: string
  event_id: string
  /** It stands at a transaction that this server has not come to. */
  is_ahead: boolean
}

const LOWEST = '00000000-0000-0000-0000-000000000000'

// Whatever is older than every running transaction is settled: nothing can be committed before it any more.
const SETTLED = 'pg_snapshot_xmin(pg_current_snapshot())::text::bigint'

/** 2^48: beyond every transaction id that a server comes to in its life, and small enough to be taken off many times. */
const LIFETIME = '281474976710656'

/**
 * A dump was restored on another server, whose transactions count from elsewhere. Everything of before, and where each sink
 * stands in it, is moved before the first transaction there can be; its order stays. New is what was written by a
 * transaction that this server has come to, after any sink moved on.
 */
const countAnew = (pool: Pool): Promise<void> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ is_ahead: boolean; updated_at: Date }>(
      'SELECT written_in > pg_current_xact_id()::text::bigint AS is_ahead, updated_at FROM event_cursor ORDER BY sink FOR UPDATE',
    )
    // Another sink's worker was first.
    if (!rows.some(({ is_ahead }) => is_ahead)) return
    const lastMoved = new Date(Math.max(...rows.map(({ updated_at }) => updated_at.getTime())))
    await client.query(
      `UPDATE auth_event SET written_in = written_in - ${LIFETIME}
       WHERE written_in > pg_current_xact_id()::text::bigint OR created_at <= $1`,
      [lastMoved],
    )
    await client.query(`UPDATE event_cursor SET written_in = written_in - ${LIFETIME}`)
  })

/**
 * Reads events in the order of the transactions that wrote them. Neither their times nor a sequence would do: both are given
 * out before the commit, and a reader that has passed 7 never sees the 6 that commits after it.
 */
export const pgEventFeed = ({ pool }: Pick<Database, 'pool'>): EventFeed => {
  /** Ours for a while yet: looked at every second, a row is not written every second. */
  const held = async (sink: string, lease: string, atLeastUntil: Date): Promise<Cursor | undefined> => {
    const { rows } = await pool.query<Cursor>({
      name: 'event-cursor-held',
      text: `SELECT written_in::text, event_id,
               written_in > pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS is_ahead
             FROM event_cursor WHERE sink = $1 AND lease = $2 AND leased_until > $3`,
      values: [sink, lease, atLeastUntil],
    })
    return rows[0]
  }
  const take = async (sink: string, lease: string, now: Date, until: Date): Promise<Cursor | undefined> => {
    const { rows } = await pool.query<Cursor>({
      name: 'event-cursor-take',
      text: `INSERT INTO event_cursor AS c (sink, written_in, event_id, lease, leased_until, updated_at)
             VALUES ($1, ${SETTLED}, '${LOWEST}', $2, $4, $3)
             ON CONFLICT (sink) DO UPDATE SET lease = $2, leased_until = $4
               WHERE c.lease = $2 OR c.leased_until IS NULL OR c.leased_until <= $3
             RETURNING c.written_in::text, c.event_id,
               c.written_in > pg_current_xact_id()::text::bigint AS is_ahead`,
      values: [sink, lease, now, until],
    })
    return rows[0]
  }
  return {
    async claim({ sink, lease, now, leaseSeconds, limit }) {
      const until = new Date(now.getTime() + leaseSeconds * 1000)
      const halfWay = new Date(now.getTime() + leaseSeconds * 500)
      const found = (await held(sink, lease, halfWay)) ?? (await take(sink, lease, now, until))
      if (found?.is_ahead) await countAnew(pool)
      const cursor = found?.is_ahead ? await take(sink, lease, now, until) : found
      if (cursor === undefined) return null
      const { rows } = await pool.query<EventRow & { written_in: string }>({
        name: 'event-feed',
        text: `SELECT written_in::text, ${EVENT_COLUMNS} FROM auth_event
               WHERE (written_in, id) > ($1::bigint, $2::uuid) AND written_in < ${SETTLED}
               ORDER BY auth_event.written_in, id LIMIT $3`,
        values: [cursor.written_in, cursor.event_id, limit],
      })
      const last = rows.at(-1)
      return { events: rows.map(toEvent), position: last === undefined ? '' : `${last.written_in} ${last.id}` }
    },
    async advance(sink, lease, position, now) {
      const [writtenIn, eventId] = position.split(' ')
      await pool.query({
        name: 'event-cursor-advance',
        text: `UPDATE event_cursor SET written_in = $3::bigint, event_id = $4::uuid, updated_at = $5
               WHERE sink = $1 AND lease = $2`,
        values: [sink, lease, writtenIn, eventId, now],
      })
    },
    async release(sink, lease) {
      await pool.query('UPDATE event_cursor SET leased_until = NULL WHERE sink = $1 AND lease = $2', [sink, lease])
    },
  }
}
