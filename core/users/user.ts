import type { FactorKind } from '../factors/factor.ts'

/** Cognito's `UserStatus`; `DELETING` is ours. */
export type UserStatus =
  | 'UNCONFIRMED'
  | 'CONFIRMED'
  | 'RESET_REQUIRED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'EXTERNAL_PROVIDER'
  | 'DELETING'

/** Attribute values are strings; `email_verified` and `phone_number_verified` are booleans. */
export type Attributes = Readonly<Record<string, string | boolean>>

export interface User {
  poolId: string
  sub: string
  username: string
  status: UserStatus
  enabled: boolean
  attributes: Attributes
  sessionsValidAfter: Date
  createdAt: Date
  updatedAt: Date
  lastSignInAt: Date | null
  /** Kind of factor that is asked for first; null: the strongest. */
  preferredFactor: FactorKind | null
  /** The person asked to be deleted: their rows go at this moment. */
  deleteAfter: Date | null
}

export interface StoredPassword {
  hash: string
  isTemporary: boolean
  expiresAt: Date | null
  changedAt: Date
}
