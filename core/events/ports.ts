import type { Alongside } from '../shared/alongside.ts'
import type { AuthEvent, EventType } from './event.ts'

/** Writes events that stand for themselves: refusals, attempts. Acts write theirs in their own transaction. */
export interface EventLog {
  write(alongside: Alongside): Promise<void>
  /** Adds to the event of the same kind, client and minute, or starts one. For what happens thousands of times a minute. */
  count(event: AuthEvent): Promise<void>
}

/** Where a page of a history ends. */
export interface EventKey {
  createdAt: Date
  id: string
}

export interface EventPage {
  /** The newest first. */
  events: readonly AuthEvent[]
  /** Key of the next page; null at the end. */
  next: EventKey | null
}

/** What happened to a person. */
export interface EventHistory {
  /** A page at a time; what happens meanwhile shifts nothing. `types`: only these. */
  list(
    poolId: string,
    sub: string,
    filter: { types?: readonly EventType[] },
    after: EventKey | null,
    limit: number,
  ): Promise<EventPage>
  /** Null for what is nobody's, somebody else's, another pool's, or no id at all. */
  find(poolId: string, sub: string, eventId: string): Promise<AuthEvent | null>
}
