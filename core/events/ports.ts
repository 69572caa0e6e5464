import type { Alongside } from '../shared/alongside.ts'
import type { AuthEvent, EventType } from './event.ts'

/** Writes events that stand for themselves: refusals, attempts. Acts write theirs in their own transaction. */
export interface EventLog {
  /** One transaction of its own. */
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

/** Where an operator wants events: a file, a collector. */
export interface EventSink {
  /** Of its cursor. */
  name: 'file' | 'http'
  /** JSON, one event each, without line ends. Resolves once they are taken; throws otherwise, and all will come again. */
  write(lines: readonly string[]): Promise<void>
}

export interface EventBatch {
  /** In the order in which they were committed. One that was announced comes again when it is completed. */
  events: readonly AuthEvent[]
  /** Of the last one; means something to the feed alone. */
  position: string
}

/**
 * The events of all pools in the order of their transactions, from where each sink stands. None is left out, whatever
 * commits late. A sink that is new begins with what happens from now on.
 */
export interface EventFeed {
  /**
   * What comes next, for the one worker that has the sink until its lease ends; it keeps the lease by asking again. Null:
   * another one has it.
   */
  claim(claim: {
    sink: string
    lease: string
    now: Date
    leaseSeconds: number
    limit: number
  }): Promise<EventBatch | null>
  /** Moves on after what was taken. Without effect where the lease went to another worker. */
  advance(sink: string, lease: string, position: string, now: Date): Promise<void>
  /** Lets another worker take over at once. */
  release(sink: string, lease: string): Promise<void>
}
