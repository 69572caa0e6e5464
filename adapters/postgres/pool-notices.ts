import { Client } from 'pg'

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
