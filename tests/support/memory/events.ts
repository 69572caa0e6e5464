import type { AuthEvent } from '#core/events/event.ts'
import type { EventFeed, EventHistory, EventKey, EventLog } from '#core/events/ports.ts'
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

/** What stands in a ledger, person by person. An event that was completed later is its last state. */
export const memoryEventHistory = (book: Ledger): EventHistory => {
  const ofPerson = (poolId: string, sub: string): AuthEvent[] => {
    const last = new Map(book.events.map((event) => [event.id, event]))
    return [...last.values()].filter((event) => event.poolId === poolId && event.sub === sub)
  }
  const before = (a: AuthEvent, b: EventKey): boolean =>
    +a.createdAt < +b.createdAt || (+a.createdAt === +b.createdAt && a.id < b.id)
  return {
    async list(poolId, sub, { types }, after, limit) {
      const found = ofPerson(poolId, sub)
        .filter((event) => (types?.includes(event.type) ?? true) && (after === null || before(event, after)))
        .toSorted((a, b) => (before(a, b) ? 1 : -1))
      const events = found.slice(0, limit)
      const last = events.at(-1)
      return {
        events: structuredClone(events),
        next: found.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null,
      }
    },
    find: async (poolId, sub, eventId) =>
      structuredClone(ofPerson(poolId, sub).find(({ id }) => id === eventId) ?? null),
  }
}

/** A ledger as a feed: what was added later comes later. */
export const memoryEventFeed = (book: Ledger): EventFeed => {
  const cursors = new Map<string, { at: number; lease: string; leasedUntil: number }>()
  return {
    async claim({ sink, lease, now, leaseSeconds, limit }) {
      const known = cursors.get(sink)
      if (known !== undefined && known.lease !== lease && known.leasedUntil > now.getTime()) return null
      const at = known?.at ?? book.events.length
      cursors.set(sink, { at, lease, leasedUntil: now.getTime() + leaseSeconds * 1000 })
      const events = structuredClone(book.events.slice(at, at + limit))
      return { events, position: String(at + events.length) }
    },
    async advance(sink, lease, position) {
      const known = cursors.get(sink)
      if (known?.lease === lease) known.at = Number(position)
    },
    async release(sink, lease) {
      const known = cursors.get(sink)
      if (known?.lease === lease) known.leasedUntil = 0
    },
  }
}
