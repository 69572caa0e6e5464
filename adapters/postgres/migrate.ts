import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Clock } from '#core/shared/ports.ts'

/** The folder that ships with this build. */
export const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations')

/** The lock that `prisma migrate` takes, so that it and we wait for one another. */
const LOCK = 72_707_369
/** Another process may be in the middle of a long migration. */
const LOCK_WAIT_MS = 10 * 60_000
/** A table that live traffic holds for longer than this would queue that traffic behind the migration. */
const TABLE_WAIT_MS = 30_000

export interface Migration {
  name: string
  sql: string
  /** SHA-256 of the file, hexadecimal, as Prisma has it. */
  checksum: string
}

export interface MigrationState {
  name: string
  /** "changed": the file is not what was applied. "unknown": applied, but not part of this build. */
  state: 'applied' | 'pending' | 'failed' | 'changed' | 'unknown'
  appliedAt: Date | null
}

export interface MigrateOptions {
  connectionString: string
  clock: Clock
  /** One line for each migration applied. */
  log: (line: string) => void
  folder?: string
}

/** A database that this build must not touch. `problems` are sentences for the operator. */
export class SchemaRefused extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the database's schema and this build do not fit together: ${problems.join('; ')}`)
    this.problems = problems
  }
}

/** Migrations in their order: `<timestamp>_<name>/migration.sql`, Prisma's layout. */
export const readMigrations = (folder: string = MIGRATIONS): Migration[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })

interface Row {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

// The table of `prisma migrate`, column for column.
const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

const readHistory = async (client: Client): Promise<Row[]> => {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`,
  )
  if (!rows[0]?.found) return []
  const history = await client.query<Row>(
    `SELECT migration_name, checksum, finished_at FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY migration_name, started_at`,
  )
  return history.rows
}

/** Pure: what the folder and the table say of each migration, in order of name. */
export const compareMigrations = (known: readonly Migration[], history: readonly Row[]): MigrationState[] => {
  const applied = new Map(history.map((row) => [row.migration_name, row]))
  const ours = new Set(known.map((migration) => migration.name))
  const states = known.map(({ name, checksum }): MigrationState => {
    const row = applied.get(name)
    if (!row) return { name, state: 'pending', appliedAt: null }
    if (!row.finished_at) return { name, state: 'failed', appliedAt: null }
    return { name, state: row.checksum === checksum ? 'applied' : 'changed', appliedAt: row.finished_at }
  })
  const strangers = history
    .filter((row) => !ours.has(row.migration_name))
    .map((row): MigrationState => ({ name: row.migration_name, state: 'unknown', appliedAt: row.finished_at }))
  return [...states, ...strangers].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Pure: why a database in this state must be left alone; empty when it need not be. */
export const refusals = (states: readonly MigrationState[]): string[] => {
  const lastApplied = states.findLast(({ state }) => state === 'applied')?.name ?? ''
  return states.flatMap(({ name, state }) => {
    if (state === 'unknown') return [`${name} was applied by a newer or different build: start that one`]
    if (state === 'changed')
      return [`${name} was edited after it was applied: restore the file and add a new migration`]
    if (state === 'failed') return [`${name} failed half-way: repair the database, then "prisma migrate resolve"`]
    if (state === 'pending' && name < lastApplied)
      return [`${name} is older than ${lastApplied}, which is applied: rename it`]
    return []
  })
}

const connect = async (connectionString: string): Promise<Client> => {
  const client = new Client({ connectionString, application_name: 'portico migrate' })
  client.on('error', () => {}) // the running query rejects as well, and says it better
  await client.connect()
  return client
}

/** What `db status` shows; changes nothing. */
export const migrationStates = async ({
  connectionString,
  folder,
}: Pick<MigrateOptions, 'connectionString' | 'folder'>): Promise<MigrationState[]> => {
  const client = await connect(connectionString)
  try {
    return compareMigrations(readMigrations(folder), await readHistory(client))
  } finally {
    await client.end()
  }
}

const apply = async (client: Client, { name, sql, checksum }: Migration, clock: Clock): Promise<void> => {
  const startedAt = clock.now()
  // PostgreSQL rolls definitions back like data: a migration and its mark are one step, and none is ever half there.
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, $5, 1)`,
      [randomUUID(), checksum, name, startedAt, clock.now()],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw new Error(`migration ${name} failed and changed nothing: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Brings the database to the schema of this build; resolves with the names of what was applied.
 *
 * Any number of processes may call it at once: one works, the others wait and find nothing left to do. Throws
 * `SchemaRefused`, before any change, when the database holds something this build does not know.
 * Needs a direct connection: the lock belongs to the session, which a transaction-pooling proxy would share.
 */
export const migrate = async ({ connectionString, clock, log, folder }: MigrateOptions): Promise<string[]> => {
  const client = await connect(connectionString)
  try {
    await client.query(`SET lock_timeout = ${LOCK_WAIT_MS}; SET statement_timeout = 0`)
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(`SET lock_timeout = ${TABLE_WAIT_MS}`)

    const known = readMigrations(folder)
    const states = compareMigrations(known, await readHistory(client))
    const problems = refusals(states)
    if (problems.length > 0) throw new SchemaRefused(problems)

    const pending = known.filter(({ name }) => states.some((one) => one.name === name && one.state === 'pending'))
    if (pending.length > 0) await client.query(TABLE)
    for (const migration of pending) {
      await apply(client, migration, clock)
      log(`applied migration ${migration.name}`)
    }
    return pending.map(({ name }) => name)
  } finally {
    await client.end() // gives the lock back
  }
}
