import type { Random, RequestContext } from '../shared/ports.ts'
import type { AuthEvent, EventType } from './event.ts'

export interface EventFacts {
  poolId: string
  type: EventType
  outcome: AuthEvent['outcome']
  reason?: string | null
  sub?: string | null
  clientId?: string | null
  flowId?: string | null
  detail?: AuthEvent['detail']
  context?: RequestContext | null
  deviceId?: string | null
  place?: AuthEvent['place']
  risk?: AuthEvent['risk']
  /** Set when the event was announced before: a journey's sign-in. */
  id?: string
}

/** One event of now, on behalf of a request. */
export const newEvent = (random: Random, at: Date, facts: EventFacts): AuthEvent => ({
  id: facts.id ?? random.uuidAt(at),
  poolId: facts.poolId,
  type: facts.type,
  outcome: facts.outcome,
  reason: facts.reason ?? null,
  sub: facts.sub ?? null,
  clientId: facts.clientId ?? null,
  flowId: facts.flowId ?? null,
  requestId: facts.context?.requestId ?? null,
  ip: facts.context?.ip ?? null,
  userAgent: facts.context?.userAgent ?? null,
  detail: facts.detail ?? {},
  count: 1,
  deviceId: facts.deviceId ?? null,
  place: facts.place ?? null,
  risk: facts.risk ?? null,
  feedback: null,
  createdAt: at,
})
