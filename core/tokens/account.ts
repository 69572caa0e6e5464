import type { LinkedIdentity } from '../federation/federated-profile.ts'
import type { UserGroup } from '../users/ports.ts'
import type { User } from '../users/user.ts'

/** A person as tokens need them: read fresh at every issue, so that groups and attributes are today's. */
export interface TokenAccount {
  user: User
  /** By precedence, lowest number first. */
  groups: readonly UserGroup[]
  /** Who they are at identity providers. */
  identities: readonly LinkedIdentity[]
}

/** Reads people for tokens. Null when gone, disabled, or being deleted. */
export interface TokenAccounts {
  find(poolId: string, sub: string): Promise<TokenAccount | null>
}
