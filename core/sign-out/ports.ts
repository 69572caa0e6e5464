import type { Alongside, AppSignOut } from '../shared/alongside.ts'

export type { AppSignOut } from '../shared/alongside.ts'

/** A sign-out in the hands of one worker until its lease ends. */
export interface ClaimedSignOut extends AppSignOut {
  id: string
  /** 1 the first time. Also tells this claim from a later one of the same sign-out. */
  attempt: number
}

export interface SignOutCounts {
  /** Waiting or being told. */
  waiting: number
  dead: number
  /** Of those waiting; null when nothing waits. */
  oldestAt: Date | null
}

/**
 * Sign-outs that apps have yet to be told of. They come in alongside the act that ends the session; each is told at least
 * once, and once as long as workers live.
 */
export interface SignOutQueue {
  /**
   * Takes up to `limit` that are due, the oldest first, while no app has more than `perApp` under way: one that does not
   * answer leaves room for the others. Two callers never get the same.
   */
  claim(request: { limit: number; perApp: number; now: Date; leaseSeconds: number }): Promise<readonly ClaimedSignOut[]>
  /** Done with, whatever happened to the lease; what stands alongside is written once. */
  settle(claimed: ClaimedSignOut, alongside: Alongside): Promise<void>
  /** Back into the queue, for later. Without effect when the lease went to someone else, as is the next. */
  retry(claimed: ClaimedSignOut, failure: { error: string; nextAttemptAt: Date }): Promise<void>
  /** Given up: a dead letter. */
  bury(claimed: ClaimedSignOut, failure: { error: string }, alongside: Alongside): Promise<void>
  counts(): Promise<SignOutCounts>
  /** Deletes what was given up and queued before `before`. Returns how many. */
  sweep(before: Date): Promise<number>
}
