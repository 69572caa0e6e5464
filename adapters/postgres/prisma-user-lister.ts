import type { UserLister } from '#core/users/ports.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { toUser, USER_COLUMNS, type UserRow } from './user-row.ts'

/** Lists users in the order of their creation, a page at a time; someone created or deleted meanwhile shifts nothing. */
export const prismaUserLister = (prisma: PrismaClient): UserLister => ({
  async list(poolId, { nameStartsWith = null, status = null, enabled = null, group = null }, after, limit) {
    const rows = await prisma.$queryRawUnsafe<UserRow[]>(
      `SELECT ${USER_COLUMNS} FROM user_account u
       WHERE u.pool_id = $1 AND u.status <> 'DELETING'
         AND ($2::timestamptz IS NULL OR (u.created_at, u.sub) > ($2::timestamptz, $3))
         AND ($4::text IS NULL OR u.status = $4)
         AND ($5::boolean IS NULL OR u.enabled = $5)
         AND ($6::text IS NULL OR EXISTS (SELECT FROM sign_in_name n WHERE n.pool_id = u.pool_id AND n.sub = u.sub AND n.value ^@ $6))
         AND ($7::text IS NULL OR EXISTS (SELECT FROM membership m WHERE m.pool_id = u.pool_id AND m.sub = u.sub AND m.group_name = $7))
       ORDER BY u.created_at, u.sub LIMIT $8`,
      poolId,
      after?.createdAt ?? null,
      after?.sub ?? '',
      status,
      enabled,
      nameStartsWith,
      group,
      limit + 1,
    )
    const users = rows.slice(0, limit).map(toUser)
    const last = users.at(-1)
    return { users, next: rows.length > limit && last ? { createdAt: last.createdAt, sub: last.sub } : null }
  },
})
