/** How many of something within a window that starts with the first. */
export interface Budget {
  limit: number
  windowSeconds: number
}

export interface BudgetAnswer {
  /** True when this one is over the limit. */
  isSpent: boolean
  /** How many were taken, this one included. */
  taken: number
  /** Whole seconds until the count starts anew. */
  retryAfterSeconds: number
}

/**
 * Counts before anything is compared, in one statement: parallel guesses cannot slip under the limit.
 * `name` says what is counted, `subject` for whom; both are hashed before they are stored.
 */
export interface AttemptBudget {
  /** Counts one, and says whether that was within the budget. */
  take(poolId: string, name: string, subject: string, budget: Budget, at: Date): Promise<BudgetAnswer>
  /** Takes one back: what was counted turned out right, and others share the count. */
  giveBack(poolId: string, name: string, subject: string): Promise<void>
  /** Forgets the count: after a success. */
  clear(poolId: string, name: string, subject: string): Promise<void>
}
