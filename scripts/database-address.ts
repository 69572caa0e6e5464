import { join } from 'node:path'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres/embedded-postgres.ts'
import { readConfig } from '#server/config.ts'

export interface DatabaseInUse {
  connectionString: string
  /** Set where the address was taken from the configuration: it may be someone's production. */
  isExternal: boolean
  release(): Promise<void>
}

/** The database that `npm start` would use: DATABASE_URL, or our own server, started when it does not run. */
export const openDatabaseInUse = async (): Promise<DatabaseInUse> => {
  const { DATABASE_URL, PORTICO_DATA_DIR } = readConfig()
  if (DATABASE_URL) return { connectionString: DATABASE_URL, isExternal: true, release: async () => {} }
  const server = await startEmbeddedPostgres({
    dataDir: join(PORTICO_DATA_DIR, 'pg'),
    log: (line) => console.error(line),
  })
  return { connectionString: server.connectionString, isExternal: false, release: server.stop }
}
