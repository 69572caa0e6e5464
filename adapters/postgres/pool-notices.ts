import { Client } from 'pg'
import type { Database } from './database.ts'

/** Between two tries to listen again; the version is polled meanwhile. */
const RETRY_MS = 5_000

/**
 * Hears of changed pools (`NOTIFY portico_pool`). A convenience: whoever misses a notice finds the new version within two
 * seconds by asking.
 */
export const listenForPools = (
  connectionString: string,
  onChange: (poolId: string) => void,
): { stop(): Promise<void> } => {
  let client: Client | null = null
  let isStopped = false
  let timer: NodeJS.Timeout | null = null
  const connect = async (): Promise<void> => {
    const next = new Client({ connectionString, connectionTimeoutMillis: 5_000 })
    client = next
    next.on('notification', ({ payload }) => payload !== undefined && onChange(payload))
    const again = () => {
      if (isStopped || timer !== null) return
      timer = setTimeout(() => {
        timer = null
        void connect()
      }, RETRY_MS)
      timer.unref()
    }
    next.on('error', again)
    next.on('end', again)
    try {
      await next.connect()
      await next.query('LISTEN portico_pool')
    } catch {
      again()
    }
  }
  void connect()
  return {
    async stop() {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}

/** A pool's version alone, for who holds the rest in memory; null when there is no such pool. */
export const poolVersions =
  ({ pool }: Pick<Database, 'pool'>) =>
  async (poolId: string): Promise<number | null> => {
    const { rows } = await pool.query<{ version: number }>({
      name: 'pool-version',
      text: 'SELECT version FROM pool WHERE id = $1',
      values: [poolId],
    })
    return rows[0]?.version ?? null
  }
