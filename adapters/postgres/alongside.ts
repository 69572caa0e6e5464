import type { AuthEvent } from '#core/events/event.ts'
import type { Alongside, NewMessage } from '#core/shared/alongside.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Statement } from './database.ts'
import { signOutStatement } from './sign-out-statements.ts'

/** Longest user agent that is kept. */
const MAX_USER_AGENT = 512

export const eventStatement = (event: AuthEvent): Statement => ({
  text: `INSERT INTO auth_event (id, pool_id, type, outcome, reason, sub, client_id, flow_id, request_id, ip, user_agent, detail, count, created_at, device_id, place, risk)
         VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14::timestamptz, $15, $16::jsonb, $17::jsonb)
         ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, sub = excluded.sub, detail = excluded.detail,
           device_id = excluded.device_id, place = excluded.place, risk = excluded.risk, written_in = excluded.written_in`,
  values: [
    event.id,
    event.poolId,
    event.type,
    event.outcome,
    event.reason,
    event.sub,
    event.clientId,
    event.flowId,
    event.requestId,
    event.ip,
    event.userAgent?.slice(0, MAX_USER_AGENT) ?? null,
    JSON.stringify(event.detail),
    event.count,
    event.createdAt.toISOString(),
    event.deviceId,
    event.place === null ? null : JSON.stringify(event.place),
    event.risk === null ? null : JSON.stringify(event.risk),
  ],
})

/** The row a sealed message is bound to: copied to another row it does not open. */
export const messageSealedFor = (id: string): string => `outbox:${id}`

export const messageStatement = (message: NewMessage, secrets: Sealer & KeyedHash): Statement => ({
  text: `INSERT INTO outbox (id, pool_id, channel, purpose, recipient_hash, sealed, status, attempts, next_attempt_at, created_at, expires_at)
         VALUES ($1::uuid, $2, $3, $4, $5, $6, $9, 0, $7::timestamptz, $7::timestamptz, $8::timestamptz)`,
  values: [
    message.id,
    message.poolId,
    message.message.channel,
    message.purpose,
    secrets.of('recipient', `${message.poolId}|${message.message.to}`),
    secrets.seal('outbox', messageSealedFor(message.id), JSON.stringify(message.message)),
    message.createdAt.toISOString(),
    message.expiresAt?.toISOString() ?? null,
    message.isWithheld === true ? 'withheld' : 'queued',
  ],
})

/** The statements that belong into the same transaction as the act. */
export const alongsideStatements = (alongside: Alongside, secrets: Sealer & KeyedHash): Statement[] => [
  ...alongside.events.map(eventStatement),
  ...(alongside.messages ?? []).map((message) => messageStatement(message, secrets)),
  ...(alongside.signOuts ?? []).map(signOutStatement),
]
