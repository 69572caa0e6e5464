import type { FactorKind } from '#core/factors/factor.ts'
import type { Attributes, User, UserStatus } from '#core/users/user.ts'

/** A row of user_account as PostgreSQL gives it, whichever way it was asked. */
export interface UserRow {
  pool_id: string
  sub: string
  username: string
  status: UserStatus
  enabled: boolean
  attributes: Attributes
  sessions_valid_after: Date
  created_at: Date
  updated_at: Date
  last_sign_in_at: Date | null
  preferred_factor: FactorKind | null
  delete_after: Date | null
}

/** Of the table under the name `u`. */
export const USER_COLUMNS = `u.pool_id, u.sub, u.username, u.status, u.enabled, u.attributes, u.sessions_valid_after,
  u.created_at, u.updated_at, u.last_sign_in_at, u.preferred_factor, u.delete_after`

export const toUser = (row: UserRow): User => ({
  poolId: row.pool_id,
  sub: row.sub,
  username: row.username,
  status: row.status,
  enabled: row.enabled,
  attributes: row.attributes,
  sessionsValidAfter: row.sessions_valid_after,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastSignInAt: row.last_sign_in_at,
  preferredFactor: row.preferred_factor,
  deleteAfter: row.delete_after,
})
