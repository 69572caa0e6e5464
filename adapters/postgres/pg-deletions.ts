import type { DeletionStore } from '#core/account/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'
import { endingStatement } from './sign-out-statements.ts'
import { toUser, USER_COLUMNS, type UserRow } from './user-row.ts'

export const pgDeletions = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): DeletionStore => ({
  schedule: (poolId, sub, deleteAfter, at, alongside) =>
    inTransaction(pool, async (client) => {
      const { text, values } = endingStatement({ poolId, sub, at, before: at })
      await client.query(text, [...values])
      const { rowCount } = await client.query({
        name: 'deletion-schedule',
        text: `UPDATE user_account SET delete_after = $3, sessions_valid_after = GREATEST(sessions_valid_after, $4)
               WHERE pool_id = $1 AND sub = $2 AND delete_after IS NULL AND enabled AND status <> 'DELETING'`,
        values: [poolId, sub, deleteAfter, at],
      })
      if (rowCount !== 1) return fail('user-missing')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),

  cancel: (poolId, sub, deleteAfter, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'deletion-cancel',
        text: `UPDATE user_account SET delete_after = NULL
               WHERE pool_id = $1 AND sub = $2 AND delete_after = $3 AND status <> 'DELETING'`,
        values: [poolId, sub, deleteAfter],
      })
      if (rowCount !== 1) return fail('link-unusable')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),

  async claimDue(now, limit) {
    // Those claimed before by a process that ended half-way are claimed again.
    const { rows } = await pool.query<UserRow>({
      name: 'deletion-claim',
      text: `UPDATE user_account u SET status = 'DELETING' WHERE (u.pool_id, u.sub) IN (
               SELECT pool_id, sub FROM user_account WHERE delete_after <= $1
               ORDER BY delete_after LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING ${USER_COLUMNS}`,
      values: [now, limit],
    })
    return rows.map(toUser)
  },
})
