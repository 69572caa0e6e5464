import type { AuthEvent } from '#core/events/event.ts'
import type { EventLog } from '#core/events/ports.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

const MINUTE_MS = 60_000

/** Events in memory. Summed ones stand in the ledger from the first on, with a count that grows. */
export const memoryEvents = (book: Ledger = ledger()): EventLog & { flush(): Promise<void> } => {
  const sums = new Map<string, AuthEvent>()
  return {
    async write(alongside) {
      book.add(alongside)
    },
    async count(event) {
      const minute = Math.floor(event.createdAt.getTime() / MINUTE_MS)
      const { poolId, type, outcome, reason, clientId } = event
      const key = keyOf(poolId, type, outcome, String(reason), String(clientId), String(minute))
      const sum = sums.get(key)
      sums.set(key, sum === undefined ? event : { ...sum, count: sum.count + event.count })
    },
    async flush() {
      book.add({ events: [...sums.values()] })
      sums.clear()
    },
  }
}
