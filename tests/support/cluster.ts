import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#adapters/embedded-postgres/embedded-postgres.ts'
import { migrate, readMigrations } from '#adapters/postgres/migrate.ts'

const DATA = join(import.meta.dirname, '../../.portico/test-pg')

/** Set by the test command, which keeps one server for the whole run. */
export const CLUSTER_ADDRESS = 'PORTICO_TEST_DATABASE_URL'

/** Databases of test files that were killed; a run is over long before. */
const LEFT_OVER_MS = 60 * 60_000

export const addressOf = (cluster: string, database: string): string => {
  const url = new URL(cluster)
  url.pathname = `/${database}`
  return url.href
}

export const query = async (
  cluster: string,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: cluster })
  await client.connect()
  try {
    return (await client.query(sql, values)).rows
  } finally {
    await client.end()
  }
}

/** The server for tests: nothing in it survives a power cut, and nothing has to. */
export const startCluster = async (log: (line: string) => void): Promise<EmbeddedPostgres> => {
  const start = () => startEmbeddedPostgres({ dataDir: DATA, isDurable: false, log })
  try {
    return await start()
  } catch (error) {
    log(`${(error as Error).message}; making the test server anew`)
    rmSync(DATA, { recursive: true, force: true })
    return start()
  }
}

/** Drops what killed test files left; names carry the time of their making. */
export const dropLeftOvers = async (cluster: string): Promise<void> => {
  const names = await query(cluster, `SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'`)
  for (const { datname } of names) {
    const madeAt = Number.parseInt(String(datname).split('_')[1] ?? '', 36)
    if (Date.now() - madeAt > LEFT_OVER_MS) await query(cluster, `DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`)
  }
}

/** A migrated database to copy, named after the migrations it holds; made once, by whoever comes first. */
export const ensureTemplate = async (cluster: string): Promise<string> => {
  const checksums = readMigrations().map(({ checksum }) => checksum)
  const name = `template_${createHash('sha256').update(checksums.join()).digest('hex').slice(0, 12)}`
  const client = new Client({ connectionString: cluster })
  await client.connect()
  try {
    // Test files run in processes of their own: one makes the template, the others wait for it.
    await client.query('SELECT pg_advisory_lock(1)')
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount) return name
    const unfinished = `${name}_unfinished`
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${unfinished}`)
    await migrate({ connectionString: addressOf(cluster, unfinished), clock: systemClock, log: () => {} })
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`)
    return name
  } finally {
    await client.end()
  }
}
