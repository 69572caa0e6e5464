import type { AuthEvent } from '#core/events/event.ts'
import type { EventHistory } from '#core/events/ports.ts'
import { UUID } from '#core/shared/ids.ts'
import type { Database } from './database.ts'

export interface EventRow {
  id: string
  pool_id: string
  type: AuthEvent['type']
  outcome: AuthEvent['outcome']
  reason: string | null
  sub: string | null
  client_id: string | null
  flow_id: string | null
  request_id: string | null
  ip: string | null
  user_agent: string | null
  detail: AuthEvent['detail']
  count: number
  device_id: string | null
  place: AuthEvent['place']
  risk: AuthEvent['risk']
  /** JSON knows no dates. */
  feedback: (Omit<NonNullable<AuthEvent['feedback']>, 'at'> & { at: string }) | null
  created_at: Date
}

export const EVENT_COLUMNS = `id, pool_id, type, outcome, reason, sub, client_id, flow_id, request_id, ip, user_agent, detail, count,
  device_id, place, risk, feedback, created_at`

export const toEvent = (row: EventRow): AuthEvent => ({
  id: row.id,
  poolId: row.pool_id,
  type: row.type,
  outcome: row.outcome,
  reason: row.reason,
  sub: row.sub,
  clientId: row.client_id,
  flowId: row.flow_id,
  requestId: row.request_id,
  ip: row.ip,
  userAgent: row.user_agent,
  detail: row.detail,
  count: row.count,
  deviceId: row.device_id,
  place: row.place,
  risk: row.risk,
  feedback: row.feedback && { ...row.feedback, at: new Date(row.feedback.at) },
  createdAt: row.created_at,
})

export const pgEventHistory = ({ pool }: Pick<Database, 'pool'>): EventHistory => ({
  async list(poolId, sub, { types = null }, after, limit) {
    const { rows } = await pool.query<EventRow>({
      name: 'event-history',
      text: `SELECT ${EVENT_COLUMNS} FROM auth_event
             WHERE pool_id = $1 AND sub = $2 AND ($3::text[] IS NULL OR type = ANY ($3))
               AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
             ORDER BY created_at DESC, id DESC LIMIT $6`,
      values: [poolId, sub, types, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    })
    const events = rows.slice(0, limit).map(toEvent)
    const last = events.at(-1)
    return { events, next: rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null }
  },
  async find(poolId, sub, eventId) {
    if (!UUID.test(eventId)) return null
    const { rows } = await pool.query<EventRow>({
      name: 'event-find',
      text: `SELECT ${EVENT_COLUMNS} FROM auth_event WHERE pool_id = $1 AND sub = $2 AND id = $3::uuid`,
      values: [poolId, sub, eventId],
    })
    return rows[0] === undefined ? null : toEvent(rows[0])
  },
})
