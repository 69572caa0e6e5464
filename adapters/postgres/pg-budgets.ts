import type { AttemptBudget, Budget, BudgetAnswer } from '#core/limits/ports.ts'
import type { KeyedHash } from '#core/shared/ports.ts'
import type { Database } from './database.ts'

interface BucketRow {
  count: number
  reset_at: string
}

/** Counters in PostgreSQL, shared by every process. When the database is away the count fails, and so does the attempt. */
export const pgBudgets = ({ pool }: Pick<Database, 'pool'>, hashes: KeyedHash): AttemptBudget => {
  const keyOf = (poolId: string, name: string, subject: string) =>
    hashes.of('rate-bucket', `${poolId}|${name}|${subject}`)
  const answer = (row: BucketRow | undefined, budget: Budget, at: Date): BudgetAnswer => {
    const taken = row === undefined || Number(row.reset_at) <= at.getTime() ? 0 : row.count
    return {
      isSpent: taken > budget.limit,
      taken,
      retryAfterSeconds:
        row === undefined ? budget.windowSeconds : Math.max(1, Math.ceil((Number(row.reset_at) - at.getTime()) / 1000)),
    }
  }
  return {
    async take(poolId, name, subject, budget, at) {
      const { rows } = await pool.query<BucketRow>({
        name: 'budget-take',
        text: `INSERT INTO rate_bucket AS bucket (key, count, reset_at) VALUES ($1, 1, $3)
               ON CONFLICT (key) DO UPDATE SET
                 count = CASE WHEN bucket.reset_at <= $2 THEN 1 ELSE least(bucket.count, 1000000) + 1 END,
                 reset_at = CASE WHEN bucket.reset_at <= $2 THEN $3 ELSE bucket.reset_at END
               RETURNING count, reset_at`,
        values: [keyOf(poolId, name, subject), at.getTime(), at.getTime() + budget.windowSeconds * 1000],
      })
      return answer(rows[0], budget, at)
    },
    async giveBack(poolId, name, subject) {
      await pool.query({
        name: 'budget-give-back',
        text: 'UPDATE rate_bucket SET count = count - 1 WHERE key = $1 AND count > 0',
        values: [keyOf(poolId, name, subject)],
      })
    },
    async clear(poolId, name, subject) {
      await pool.query({
        name: 'budget-clear',
        text: 'DELETE FROM rate_bucket WHERE key = $1',
        values: [keyOf(poolId, name, subject)],
      })
    },
  }
}
