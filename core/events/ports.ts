import type { Alongside } from '../shared/alongside.ts'
import type { AuthEvent } from './event.ts'

/** Writes events that stand for themselves: refusals, attempts. Acts write theirs in their own transaction. */
export interface EventLog {
  write(alongside: Alongside): Promise<void>
  /** Adds to the event of the same kind, client and minute, or starts one. For what happens thousands of times a minute. */
  count(event: AuthEvent): Promise<void>
}
