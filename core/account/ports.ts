import type { AppClient } from '../clients/client-settings.ts'
import type { EventHistory, EventLog } from '../events/ports.ts'
import type { DeviceStore, FactorStore, RecoveryCodeStore } from '../factors/ports.ts'
import type { DirectoryPasswordPorts } from '../federation/index.ts'
import type { IdentityStore, ProviderReader } from '../federation/ports.ts'
import type { CodeStore } from '../flows/ports.ts'
import type { AttemptBudget } from '../limits/ports.ts'
import type { MessageComposer } from '../messages/ports.ts'
import type { CommonPasswords, CompromisedPasswords } from '../passwords/ports.ts'
import type { PoolLinks } from '../pools/ports.ts'
import type { SignInAnswer } from '../risk/index.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Locale } from '../shared/locales.ts'
import type { Clock, KeyedHash, Random, Sealer } from '../shared/ports.ts'
import type { Result } from '../shared/result.ts'
import type { PasswordHasher, User, UserDirectory, UserWriter } from '../users/ports.ts'

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

/**
 * Where a person is signed in. Every ending takes grants, refresh and access tokens along and queues the apps that are to be
 * told, in one transaction.
 */
export interface OwnSessions {
  /** The last seen first. */
  list(poolId: string, sub: string): Promise<readonly OwnSession[]>
  /** The id under which a browser's own session is listed. */
  idOf(poolId: string, uid: string): string
  /** Fails with `session-missing`, also for somebody else's. */
  end(poolId: string, sub: string, id: string, alongside: Alongside): Promise<Result<void>>
  /** All but one; null: all. */
  endOthers(poolId: string, sub: string, keep: string | null, alongside: Alongside): Promise<void>
}

/** What an app may do on a person's behalf. */
export interface AppAccess {
  clientId: string
  scopes: readonly string[]
  since: Date
  /** Newest token; null: it holds none. */
  lastUsedAt: Date | null
}

/** Apps with access to a person's account: by their consent, or by a sign-in that still lasts. */
export interface AppAccesses {
  /** Each app once. */
  list(poolId: string, sub: string): Promise<readonly AppAccess[]>
  /** Consent, grants and tokens, in one transaction. Fails with `client-unknown` when there is nothing to take away. */
  revoke(poolId: string, sub: string, clientId: string, alongside: Alongside): Promise<Result<void>>
}

export type ContactAttribute = 'email' | 'phone_number'

/** A new address that waits for its proof, or a former one that can be brought back. */
export interface ContactChange {
  poolId: string
  id: string
  sub: string
  attribute: ContactAttribute
  oldValue: string | null
  newValue: string
  createdAt: Date
  expiresAt: Date
}

/** Changes of addresses. A person has one waiting per attribute at most. */
export interface ContactChangeStore {
  /** Whatever waited before is forgotten. */
  start(change: ContactChange, alongside: Alongside): Promise<void>
  /** What waits for its proof; null: nothing, or it expired. */
  waiting(poolId: string, sub: string, attribute: ContactAttribute, at: Date): Promise<ContactChange | null>
  /**
   * It was proven, and can be taken back until `expiresAt`. True for exactly one of any number of callers.
   *
   * @param undoHash null: there was no former address
   */
  confirm(poolId: string, id: string, undoHash: string | null, at: Date, expiresAt: Date): Promise<boolean>
  /** What a link takes back; null: unknown, taken back already, or too late. */
  findByUndo(poolId: string, undoHash: string, at: Date): Promise<ContactChange | null>
  /** True for exactly one of any number of callers. */
  undo(poolId: string, id: string, at: Date): Promise<boolean>
  /** Gives up what waits. */
  drop(poolId: string, sub: string, attribute: ContactAttribute): Promise<void>
}

/** Accounts on their way out. Every method is one conditional statement: of two at once exactly one wins. */
export interface DeletionStore {
  /** Closes the account until then: nothing that was authenticated before is honoured. Fails with `user-missing`. */
  schedule(poolId: string, sub: string, deleteAfter: Date, at: Date, alongside: Alongside): Promise<Result<void>>
  /** It stays. Fails with `link-unusable` when it was not to go at that moment, or is going already. */
  cancel(poolId: string, sub: string, deleteAfter: Date, alongside: Alongside): Promise<Result<void>>
  /** Takes up to `limit` whose time has come, for good: from here on nothing brings them back. */
  claimDue(now: Date, limit: number): Promise<readonly User[]>
}

export interface DataExport {
  poolId: string
  id: string
  sub: string
  status: 'queued' | 'ready' | 'failed'
  locale: Locale
  createdAt: Date
  readyAt: Date | null
  expiresAt: Date
}

/** The copy itself, as two files. */
export interface ExportFiles {
  json: string
  csv: string
}

/** Copies of people's data: made by a job, sealed, and gone after a day. */
export interface DataExportStore {
  /** False while one of the person's waits or is ready: one at a time. */
  ask(asked: DataExport, alongside: Alongside): Promise<boolean>
  /** The person's newest that is not over; null: none. */
  latest(poolId: string, sub: string, at: Date): Promise<DataExport | null>
  /** Waiting, the oldest first. */
  waiting(limit: number): Promise<readonly DataExport[]>
  /** False when another worker was first: nothing stands alongside then. */
  ready(
    poolId: string,
    id: string,
    files: ExportFiles,
    at: Date,
    expiresAt: Date,
    alongside: Alongside,
  ): Promise<boolean>
  /** Could not be made: it is over, and another may be asked for. */
  failed(poolId: string, id: string): Promise<void>
  /** Null for somebody else's, one that is not ready, or one that is over. */
  open(poolId: string, sub: string, at: Date): Promise<ExportFiles | null>
}

/** Everything the account pages touch. */
export interface AccountPorts {
  users: UserDirectory
  writer: UserWriter
  factors: FactorStore
  recoveryCodes: RecoveryCodeStore
  devices: DeviceStore
  ownSessions: OwnSessions
  appAccesses: AppAccesses
  contactChanges: ContactChangeStore
  codes: CodeStore
  providers: ProviderReader
  identities: IdentityStore
  asksDirectory: DirectoryPasswordPorts['asksDirectory']
  deletions: DeletionStore
  dataExports: DataExportStore
  history: EventHistory
  /** "This was not me", said of one sign-in from the session that stays. */
  answerSignIn(answer: SignInAnswer, keep: string): Promise<Result<void>>
  sealer: Sealer
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
