import { randomBytes } from 'node:crypto'
import { addressOf, CLUSTER_ADDRESS, ensureTemplate, query, startCluster } from './cluster.ts'

export interface FreshDatabase {
  connectionString: string
  /** Happens by itself where a test context was given. Ends connections that are still open. */
  drop(): Promise<void>
}

/** What `t` of a test, or the suite's hooks as `{ after }`, have in common. */
interface Finishing {
  after(finish: () => Promise<void>): void
}

/**
 * A migrated, empty database of the caller's own, copied from a template in milliseconds.
 *
 * Uses the server of the test command; a test file that is run alone starts one, or adopts one that is running.
 * Close what you opened on it first, in the same hook (hooks run in the order they were given): after 5 s dropping
 * ends the rest, and a pool reports that as an error.
 */
export const freshDatabase = async (t?: Finishing): Promise<FreshDatabase> => {
  const given = process.env[CLUSTER_ADDRESS]
  const server = given ? { connectionString: given, stop: async () => {} } : await startCluster(() => {})
  const template = await ensureTemplate(server.connectionString)
  const name = `test_${Date.now().toString(36)}_${randomBytes(5).toString('hex')}`
  // Copying through the log needs no checkpoint, which copying files would force twice.
  await query(server.connectionString, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY WAL_LOG`)

  let isDropped = false
  const drop = async (): Promise<void> => {
    if (isDropped) return
    isDropped = true
    // Without force PostgreSQL waits up to 5 s for sessions that are on their way out: a pool says it has ended a
    // little before its connections have, and one that is cut off then would be an error without a listener.
    await query(server.connectionString, `DROP DATABASE IF EXISTS ${name}`).catch(() =>
      query(server.connectionString, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    )
    await server.stop()
  }
  t?.after(drop)
  return { connectionString: addressOf(server.connectionString, name), drop }
}
