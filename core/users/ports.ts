import type { LinkedIdentity } from '../federation/federated-profile.ts'
import type { SignInNameKind } from '../pools/pool-settings.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { Destination } from './reach-user.ts'
import type { Attributes, StoredPassword, User, UserStatus } from './user.ts'

/** A name that signs a user in; `value` is normalised (core/users/names.ts). */
export interface SignInName {
  kind: SignInNameKind
  value: string
}

export interface NewUser {
  user: User
  names: readonly SignInName[]
  password: StoredPassword | null
  /** Who they are at the identity provider that made the profile. */
  identity?: LinkedIdentity
}

export interface UserWithPassword {
  user: User
  password: StoredPassword | null
}

/** Reads users by any name the pool allows. Names arrive normalised and are unique per pool. */
export interface UserDirectory {
  /** Null: nobody has the name. */
  findByName(poolId: string, name: string): Promise<UserWithPassword | null>
  /** Null: nobody. */
  findBySub(poolId: string, sub: string): Promise<UserWithPassword | null>
  /** Names in precedence order (lowest number first, then by name), with roles. */
  groupsOf(poolId: string, sub: string): Promise<readonly UserGroup[]>
  /** Hashes of the last `count` passwords, newest first, without the current one. */
  formerPasswords(poolId: string, sub: string, count: number): Promise<readonly string[]>
}

export interface UserGroup {
  name: string
  roleArn: string | null
  precedence: number | null
}

/** Writes users. Every method is one transaction with what stands alongside. */
export interface UserWriter {
  /**
   * Fails with `name-taken` when one of the names is held by someone else, of two at once exactly one wins; with an identity, with
   * `identity-taken` likewise, `provider-unknown`, and `upstream-invalid` for a subject that cannot be kept.
   */
  create(newUser: NewUser, alongside: Alongside): Promise<Result<User>>
  /**
   * Sets a password; the former one joins the history, which keeps `historySize` rows.
   * With `sessionsValidAfter`, everything authenticated before it stops being honoured.
   */
  setPassword(
    poolId: string,
    sub: string,
    change: { password: StoredPassword; status?: UserStatus; historySize: number; sessionsValidAfter?: Date; at: Date },
    alongside: Alongside,
  ): Promise<Result<User>>
  /** Replaces a hash by one of the same password under newer parameters; nothing happens if it changed meanwhile. */
  rehash(poolId: string, sub: string, from: string, to: string): Promise<void>
  /** Merges attributes (null removes) and replaces the sign-in names given. Fails with `name-taken` or `user-missing`. */
  update(
    poolId: string,
    sub: string,
    change: {
      attributes?: Readonly<Record<string, string | boolean | null>>
      names?: readonly SignInName[]
      status?: UserStatus
      enabled?: boolean
      sessionsValidAfter?: Date
      lastSignInAt?: Date
      at: Date
    },
    alongside: Alongside,
  ): Promise<Result<User>>
  /** Rows go, events keep `sub` alone, the names are free. Fails with `user-missing`. */
  delete(poolId: string, sub: string, alongside: Alongside): Promise<Result<void>>
}

export interface UserPage {
  users: readonly User[]
  /** Key of the next page; null at the end. */
  next: { createdAt: Date; sub: string } | null
}

export interface UserLister {
  list(
    poolId: string,
    filter: { nameStartsWith?: string; status?: UserStatus; enabled?: boolean; group?: string },
    after: UserPage['next'],
    limit: number,
  ): Promise<UserPage>
}

export type { Attributes, StoredPassword, User, UserStatus }

/** Password hashing: bounded work, parameters inside the hash. */
export interface PasswordHasher {
  /** With today's parameters and a salt of its own. */
  hash(password: string): Promise<string>
  /** Also spends one hash when `hash` is null, so that time does not tell whether there is one. */
  verify(password: string, hash: string | null): Promise<boolean>
  /** True when the parameters are no longer today's. */
  isOutdated(hash: string): boolean
}

/** Issues codes that the recovery pages take. */
export interface RecoveryCodes {
  /** Stores the code's hash and queues the message that carries it, in one transaction. */
  issue(
    code: { poolId: string; sub: string; to: Destination; codePlain: string; at: Date; expiresAt: Date },
    alongside: Alongside,
  ): Promise<void>
}
