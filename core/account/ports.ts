import type { AppClient } from '../clients/client-settings.ts'
import type { EventLog } from '../events/ports.ts'
import type { DeviceStore, FactorStore, RecoveryCodeStore } from '../factors/ports.ts'
import type { AttemptBudget } from '../limits/ports.ts'
import type { MessageComposer } from '../messages/ports.ts'
import type { CommonPasswords, CompromisedPasswords } from '../passwords/ports.ts'
import type { PoolLinks } from '../pools/ports.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Clock, KeyedHash, Random } from '../shared/ports.ts'
import type { Result } from '../shared/result.ts'
import type { PasswordHasher, UserDirectory, UserWriter } from '../users/ports.ts'

/** Somewhere a person is signed in: a browser's session, or an app that goes on by itself after its session ended. */
export interface OwnSession {
  /** Keyed hash: names the session in forms, and opens nothing. */
  id: string
  kind: 'browser' | 'app'
  signedInAt: Date
  lastSeenAt: Date
  /** Apps signed in to in it. */
  clientIds: readonly string[]
  userAgent: string | null
  ip: string | null
  place: { country: string | null; city: string | null } | null
}

/** An app that has to be told that a session is over. */
export interface EndedAtApp {
  clientId: string
  /** `sid` of the app's ID tokens; null where it has none. */
  sid: string | null
}

/** Where a person is signed in. Every ending takes grants, refresh and access tokens along, in one transaction. */
export interface OwnSessions {
  /** The last seen first. */
  list(poolId: string, sub: string): Promise<readonly OwnSession[]>
  /** The id under which a browser's own session is listed. */
  idOf(poolId: string, uid: string): string
  /** Fails with `session-missing`, also for somebody else's. */
  end(poolId: string, sub: string, id: string, alongside: Alongside): Promise<Result<readonly EndedAtApp[]>>
  /** All but one; null: all. */
  endOthers(poolId: string, sub: string, keep: string | null, alongside: Alongside): Promise<readonly EndedAtApp[]>
}

/** Everything the account pages touch. */
export interface AccountPorts {
  users: UserDirectory
  writer: UserWriter
  factors: FactorStore
  recoveryCodes: RecoveryCodeStore
  devices: DeviceStore
  ownSessions: OwnSessions
  passwords: PasswordHasher
  commonPasswords: CommonPasswords
  compromised: CompromisedPasswords
  attempts: AttemptBudget
  messages: MessageComposer
  events: EventLog
  links: PoolLinks
  hashes: KeyedHash
  clock: Clock
  random: Random
}

/** Reads an app; null when gone or disabled. */
export type FindClient = (poolId: string, clientId: string) => Promise<AppClient | null>
