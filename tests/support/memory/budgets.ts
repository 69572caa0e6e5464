import type { AttemptBudget, Budget, BudgetAnswer } from '#core/limits/ports.ts'
import { keyOf } from './ledger.ts'

interface Bucket {
  count: number
  /** Epoch milliseconds. */
  resetAt: number
}

/** Counters in memory: a window starts with the first take and ends by the clock that is handed in. */
export const memoryBudgets = (): AttemptBudget => {
  const buckets = new Map<string, Bucket>()
  const live = (key: string, at: Date): Bucket | undefined => {
    const bucket = buckets.get(key)
    return bucket !== undefined && bucket.resetAt > at.getTime() ? bucket : undefined
  }
  const answer = (bucket: Bucket, budget: Budget, at: Date): BudgetAnswer => ({
    isSpent: bucket.count > budget.limit,
    taken: bucket.count,
    retryAfterSeconds: Math.max(1, Math.ceil((bucket.resetAt - at.getTime()) / 1000)),
  })
  return {
    async take(poolId, name, subject, budget, at) {
      const key = keyOf(poolId, name, subject)
      const bucket = live(key, at) ?? { count: 0, resetAt: at.getTime() + budget.windowSeconds * 1000 }
      bucket.count += 1
      buckets.set(key, bucket)
      return answer(bucket, budget, at)
    },
    async giveBack(poolId, name, subject) {
      const bucket = buckets.get(keyOf(poolId, name, subject))
      if (bucket !== undefined && bucket.count > 0) bucket.count -= 1
    },
    async clear(poolId, name, subject) {
      buckets.delete(keyOf(poolId, name, subject))
    },
  }
}
