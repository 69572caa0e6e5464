import { randomBytes } from 'node:crypto'
import { after, before, describe } from 'node:test'
import { type Database, openDatabase } from '#adapters/postgres/database.ts'
import { type ArtifactStore, pgArtifacts } from '#adapters/postgres/pg-artifacts.ts'
import { pgBudgets } from '#adapters/postgres/pg-budgets.ts'
import { pgCodes } from '#adapters/postgres/pg-codes.ts'
import { pgConsents } from '#adapters/postgres/pg-consents.ts'
import { pgDevices } from '#adapters/postgres/pg-devices.ts'
import { pgEventFeed } from '#adapters/postgres/pg-event-feed.ts'
import { pgEventHistory } from '#adapters/postgres/pg-event-history.ts'
import { pgEvents } from '#adapters/postgres/pg-events.ts'
import { pgFactorRecoveries } from '#adapters/postgres/pg-factor-recoveries.ts'
import { pgFactors, pgRecoveryCodes } from '#adapters/postgres/pg-factors.ts'
import { pgFlows } from '#adapters/postgres/pg-flows.ts'
import { pgProfiles, pgRiskCounters, pgSignInFeedback } from '#adapters/postgres/pg-risk.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { EventFeed, EventHistory, EventLog } from '#core/events/ports.ts'
import type { FactorRecoveryStore } from '#core/factors/factor-recovery.ts'
import type { DeviceStore, FactorStore, RecoveryCodeStore } from '#core/factors/ports.ts'
import type { CodeStore, ConsentStore, FlowStore } from '#core/flows/ports.ts'
import type { AttemptBudget } from '#core/limits/ports.ts'
import type { ProfileStore, RiskCounters, SignInFeedback } from '#core/risk/index.ts'
import type { UserDirectory, UserWriter } from '#core/users/ports.ts'
import { NOON } from './builders.ts'
import { freshDatabase } from './database.ts'
import { memoryArtifacts } from './memory/artifacts.ts'
import { memoryBudgets } from './memory/budgets.ts'
import { memoryCodes } from './memory/codes.ts'
import { memoryConsents } from './memory/consents.ts'
import { memoryEventFeed, memoryEventHistory, memoryEvents } from './memory/events.ts'
import { memoryFactorRecoveries } from './memory/factor-recoveries.ts'
import { memoryDevices, memoryFactors, memoryRecoveryCodes } from './memory/factors.ts'
import { memoryFlows } from './memory/flows.ts'
import { ledger } from './memory/ledger.ts'
import { memoryFeedback, memoryProfiles, memoryRiskCounters } from './memory/risk.ts'
import { memoryUsers } from './memory/users.ts'

export interface WrittenEvent {
  type: string
  outcome: string
  count: number
}

/** The stores of journeys and of OAuth artefacts, over one database or one memory. */
export interface JourneyStores {
  flows: FlowStore
  codes: CodeStore
  consents: ConsentStore
  factors: FactorStore
  recoveryCodes: RecoveryCodeStore
  factorRecoveries: FactorRecoveryStore
  devices: DeviceStore
  profiles: ProfileStore
  riskCounters: RiskCounters
  feedback: SignInFeedback
  budgets: AttemptBudget
  events: EventLog & { flush(): Promise<void> }
  history: EventHistory
  feed: EventFeed
  artifacts(poolId: string): ArtifactStore
  users: UserDirectory & UserWriter
  /** What "now" is for the artefacts; noon until a test moves it. */
  clock: { now: Date }
  eventsOf(poolId: string): Promise<WrittenEvent[]>
  messagesOf(poolId: string): Promise<string[]>
  /** No event that was written so far waits for somebody else's transaction, of whatever database of the server. */
  settled(): Promise<void>
  /** Rows outlive the process, and a transaction that fails leaves none. */
  isDatabase: boolean
  /** Everything that rests, as one text. */
  atRest(): Promise<string>
  close(): Promise<void>
}

const inMemory = async (): Promise<JourneyStores> => {
  const book = ledger()
  const clock = { now: NOON }
  const users = memoryUsers(book)
  const factors = memoryFactors(book)
  return {
    flows: memoryFlows(book),
    codes: memoryCodes(book),
    consents: memoryConsents(book),
    factors,
    recoveryCodes: memoryRecoveryCodes(book),
    factorRecoveries: memoryFactorRecoveries(factors, book),
    devices: memoryDevices(book),
    profiles: memoryProfiles(book),
    riskCounters: memoryRiskCounters(),
    feedback: memoryFeedback(book),
    budgets: memoryBudgets(),
    events: memoryEvents(book),
    history: memoryEventHistory(book),
    feed: memoryEventFeed(book),
    artifacts: memoryArtifacts(users, () => clock.now, book).forPool,
    users,
    clock,
    eventsOf: async (poolId) =>
      book.events
        .filter((event) => event.poolId === poolId)
        .map(({ type, outcome, count }) => ({ type, outcome, count })),
    messagesOf: async (poolId) =>
      book.messages.filter((message) => message.poolId === poolId).map(({ purpose }) => purpose),
    settled: async () => {},
    isDatabase: false,
    atRest: async () => '',
    close: async () => {},
  }
}

/** Transaction ids are the server's, which runs other tests too: waits until every event is older than what still runs. */
export const allSettled = async ({ pool }: Pick<Database, 'pool'>): Promise<void> => {
  const isSettled = async () => {
    const { rows } = await pool.query<{ is_settled: boolean }>(
      `SELECT COALESCE(max(written_in), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS is_settled FROM auth_event
       WHERE written_in <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`,
    )
    return rows[0]?.is_settled === true
  }
  while (!(await isSettled())) await new Promise((resolve) => setImmediate(resolve))
}

const TABLES = [
  'flow',
  'one_time_code',
  'oidc_artifact',
  'rate_bucket',
  'outbox',
  'auth_event',
  'consent',
  'factor',
  'recovery_code',
  'factor_recovery',
  'device',
]

const inPostgres = async (): Promise<JourneyStores> => {
  const { connectionString, drop } = await freshDatabase()
  const database = openDatabase({ connectionString, maxConnections: 10, onError: () => {} })
  const secrets = keyRing(randomBytes(32).toString('base64url'))
  const clock = { now: NOON }
  const events = pgEvents(database, secrets)
  return {
    flows: pgFlows(database, secrets),
    codes: pgCodes(database, secrets),
    consents: pgConsents(database, secrets),
    factors: pgFactors(database, secrets),
    recoveryCodes: pgRecoveryCodes(database, secrets),
    factorRecoveries: pgFactorRecoveries(database, secrets),
    devices: pgDevices(database, secrets),
    profiles: pgProfiles(database, secrets),
    riskCounters: pgRiskCounters(database, secrets),
    feedback: pgSignInFeedback(database, secrets),
    budgets: pgBudgets(database, secrets),
    events,
    history: pgEventHistory(database),
    feed: pgEventFeed(database),
    artifacts: pgArtifacts(database, secrets, () => clock.now).forPool,
    users: { ...userReader(database.pool), ...prismaUsers({ prisma: database.prisma, secrets }) },
    clock,
    async eventsOf(poolId) {
      const text = 'SELECT type, outcome, count FROM auth_event WHERE pool_id = $1 ORDER BY created_at, id'
      return (await database.pool.query<WrittenEvent>(text, [poolId])).rows
    },
    async messagesOf(poolId) {
      const text = 'SELECT purpose FROM outbox WHERE pool_id = $1 ORDER BY id'
      return (await database.pool.query<{ purpose: string }>(text, [poolId])).rows.map(({ purpose }) => purpose)
    },
    settled: () => allSettled(database),
    isDatabase: true,
    async atRest() {
      const dumps = await Promise.all(
        TABLES.map((table) => database.pool.query<{ row: string }>(`SELECT each::text AS row FROM ${table} AS each`)),
      )
      return dumps.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n')
    },
    async close() {
      await events.stop()
      await database.close()
      await drop()
    },
  }
}

/** Runs one suite against the memory fakes and against PostgreSQL. */
export const inEveryJourneyStore = (subject: string, suite: (stores: () => JourneyStores) => void): void => {
  for (const [place, open] of Object.entries({ 'in memory': inMemory, 'in PostgreSQL': inPostgres })) {
    describe(`${subject}, ${place}`, () => {
      let stores: JourneyStores | null = null
      before(async () => {
        stores = await open()
      })
      after(() => stores?.close())
      suite(() => {
        if (stores === null) throw new Error('stores are opened before the first test')
        return stores
      })
    })
  }
}

/** So many at once, several times: the results of each round. */
export const rounds = async <T>(count: number, atOnce: number, act: (round: number) => (n: number) => Promise<T>) => {
  const results: T[][] = []
  for (let round = 0; round < count; round++) {
    const one = act(round)
    results.push(await Promise.all(Array.from({ length: atOnce }, (_, n) => one(n))))
  }
  return results
}
