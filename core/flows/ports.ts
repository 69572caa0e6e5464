import type { ClientReader } from '../clients/ports.ts'
import type { EventLog } from '../events/ports.ts'
import type {
  AuthenticatorApps,
  DeviceStore,
  FactorRecoveryStore,
  FactorStore,
  PasskeyCeremonies,
  RecoveryCodeStore,
} from '../factors/index.ts'
import type { IdentityProvider, ProviderType } from '../federation/index.ts'
import type {
  AskedDirectory,
  IdentityStore,
  ProviderReader,
  RedirectProvider,
  UnsolicitedIdentities,
  UpstreamSessionStore,
} from '../federation/ports.ts'
import type { AttemptBudget } from '../limits/ports.ts'
import type { MessageComposer } from '../messages/index.ts'
import type { CommonPasswords, CompromisedPasswords } from '../passwords/ports.ts'
import type { PoolLinks, PoolReader } from '../pools/ports.ts'
import type { BadNetworks, PlaceFinder, ProfileStore, RiskCounters, RiskWatch } from '../risk/index.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Clock, KeyedHash, Random } from '../shared/ports.ts'
import type { Triggers } from '../triggers/ports.ts'
import type { PasswordHasher, UserDirectory, UserWriter } from '../users/ports.ts'
import type { Flow } from './flow.ts'
import type { SendRefusal } from './send-budgets.ts'

export interface FlowStore {
  /** Inserts; an id that exists already is left alone and answers false. */
  open(flow: Flow, alongside: Alongside): Promise<boolean>
  /** Null when unknown or of another pool. Expired ones are returned: the page says so. */
  find(poolId: string, flowId: string): Promise<Flow | null>
  /** Writes when the stored version is still `flow.version`, and bumps it. False: somebody else was first. */
  save(flow: Flow, alongside: Alongside): Promise<boolean>
  /** Ends the journey: of two at once exactly one gets true, and its events alone are written. */
  finish(poolId: string, flowId: string, alongside: Alongside): Promise<boolean>
}

export type CodePurpose =
  | 'sign-up'
  | 'recovery'
  | 'verify-account'
  | 'sign-in'
  | 'second-factor'
  | 'enrol-factor'
  /** Says nothing but whether a sign-in was one's own. */
  | 'sign-in-question'

/** Of codes that are typed; the others are links alone. */
export type TypedCodePurpose = Exclude<CodePurpose, 'sign-in-question'>

export interface NewCode {
  id: string
  poolId: string
  purpose: CodePurpose
  /** `flow:<id>:<hash of the address>`, `user:<sub>[:<hash of the address>]`, or `name:<normalised>` for a name nobody has. */
  subject: string
  codeHash: string
  linkHash: string | null
  flowId: string | null
  createdAt: Date
  expiresAt: Date
}

/** What the store knows of a presented code. `used` and `expired` are told only to someone who had the right code. */
export type CodeAnswer =
  | { kind: 'consumed'; code: NewCode }
  | { kind: 'mismatch' }
  | { kind: 'expired' }
  | { kind: 'used' }

/** Codes and links. At most three are live per subject and purpose; using one ends its siblings. */
export interface CodeStore {
  /** Ends the oldest of those that are live where it would be the fourth. */
  issue(code: NewCode, alongside: Alongside): Promise<void>
  /** Consumes in one statement: of fifty at once exactly one is `consumed`. */
  consume(poolId: string, purpose: CodePurpose, subject: string, codeHash: string, at: Date): Promise<CodeAnswer>
  /** The code behind a link, without consuming it. */
  findByLink(poolId: string, linkHash: string): Promise<(NewCode & { consumedAt: Date | null }) | null>
  /** As `consume`, by the token of the link. */
  consumeByLink(poolId: string, linkHash: string, at: Date): Promise<CodeAnswer>
}

/** What people allowed apps before. */
export interface ConsentStore {
  /** Scopes the person allowed this app; empty when never asked. */
  scopes(poolId: string, sub: string, clientId: string): Promise<readonly string[]>
  /** Adds scopes. */
  grant(
    poolId: string,
    sub: string,
    clientId: string,
    scopes: readonly string[],
    at: Date,
    alongside: Alongside,
  ): Promise<void>
}

/** Where people are signed in. */
export interface SessionEnder {
  /** Sessions, grants and tokens of a person, but for one session; null: all. */
  endOthers(poolId: string, sub: string, keep: string | null, alongside: Alongside): Promise<unknown>
}

/** Told of every code that was not sent, for the operator's eyes. */
export interface SendWatch {
  refused(channel: 'email' | 'sms', because: SendRefusal): void
}

/** Told of everybody who left for an identity provider, and of every return, for the operator's eyes. */
export interface FederationWatch {
  /** `outcome`: `success`, or the code of what went wrong. */
  left(type: ProviderType | null, outcome: string): void
  /** `seconds`: of our own work and the calls to the provider, from the return of the browser on. */
  returned(type: ProviderType | null, outcome: string, seconds: number): void
}

/** Identity providers of pools, and who came by them. */
export interface FederationPorts {
  providers: ProviderReader
  identities: IdentityStore
  sessions: UpstreamSessionStore
  unsolicited: UnsolicitedIdentities
  watch: FederationWatch
  /** What speaks to a provider that is no directory. */
  redirectsTo(provider: IdentityProvider): Promise<RedirectProvider>
  /** What asks a directory. */
  asksDirectory(provider: IdentityProvider): Promise<AskedDirectory>
}

/** Everything a journey touches. */
export interface JourneyPorts {
  flows: FlowStore
  codes: CodeStore
  pools: PoolReader
  clients: ClientReader
  users: UserDirectory
  writer: UserWriter
  consents: ConsentStore
  federation: FederationPorts
  factors: FactorStore
  recoveryCodes: RecoveryCodeStore
  factorRecoveries: FactorRecoveryStore
  sessions: SessionEnder
  devices: DeviceStore
  profiles: ProfileStore
  riskCounters: RiskCounters
  places: PlaceFinder
  badNetworks: BadNetworks
  riskWatch: RiskWatch
  apps: AuthenticatorApps
  passkeys: PasskeyCeremonies
  passwords: PasswordHasher
  commonPasswords: CommonPasswords
  compromised: CompromisedPasswords
  attempts: AttemptBudget
  triggers: Triggers
  messages: MessageComposer
  sending: SendWatch
  events: EventLog
  links: PoolLinks
  hashes: KeyedHash
  clock: Clock
  random: Random
}
