import type { AuthEvent } from '#core/events/event.ts'
import type { EventLog } from '#core/events/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

/** How long equal events are summed into one row. */
const FLUSH_MS = 60_000

/** Events that stand for themselves. Frequent ones are summed per kind, client and minute, and written when the minute ends. */
export const pgEvents = (
  { pool }: Pick<Database, 'pool'>,
  secrets: Sealer & KeyedHash,
): EventLog & { flush(): Promise<void>; stop(): Promise<void> } => {
  const sums = new Map<string, AuthEvent>()
  const add = (key: string, event: AuthEvent): void => {
    const known = sums.get(key)
    sums.set(key, known === undefined ? event : { ...known, count: known.count + event.count })
  }
  const flush = async () => {
    const summed = [...sums]
    sums.clear()
    if (summed.length === 0) return
    try {
      await inTransaction(pool, (client) =>
        writeAlongside(client, { events: summed.map(([, event]) => event) }, secrets),
      )
    } catch (error) {
      // The database is away: what was counted waits for the next minute.
      for (const [key, event] of summed) add(key, event)
      throw error
    }
  }
  const timer = setInterval(() => void flush().catch(() => undefined), FLUSH_MS)
  timer.unref()
  return {
    write: (alongside) => inTransaction(pool, (client) => writeAlongside(client, alongside, secrets)),
    async count(event) {
      const minute = Math.floor(event.createdAt.getTime() / FLUSH_MS)
      const key = [event.poolId, event.type, event.outcome, event.reason, event.clientId, minute].join('|')
      add(key, event)
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}
