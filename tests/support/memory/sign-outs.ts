import type { AppSignOut, ClaimedSignOut, SignOutQueue } from '#core/sign-out/index.ts'
import { type Ledger, ledger } from './ledger.ts'

interface Entry extends AppSignOut {
  id: string
  status: 'queued' | 'sending' | 'dead'
  attempts: number
  nextAttemptAt: Date
  lastError: string | null
}

export interface MemorySignOuts extends SignOutQueue {
  /** What the store does in the transaction of the act. */
  add(signOut: AppSignOut): void
  /** Why the last attempt failed, of what is still there. */
  errors(): readonly (string | null)[]
}

/** Sign-outs to be told, without a database. */
export const memorySignOuts = (book: Ledger = ledger()): MemorySignOuts => {
  let made = 0
  let entries: Entry[] = []
  const appOf = ({ poolId, clientId }: AppSignOut) => `${poolId}|${clientId}`
  const held = ({ id, attempt }: ClaimedSignOut): Entry | undefined =>
    entries.find((entry) => entry.id === id && entry.status === 'sending' && entry.attempts === attempt)
  const unfinished = () => entries.filter(({ status }) => status !== 'dead')

  return {
    add(signOut) {
      made += 1
      const waiting = { status: 'queued', attempts: 0, nextAttemptAt: signOut.at, lastError: null } as const
      entries.push({ ...signOut, ...waiting, id: String(made) })
    },
    errors: () => entries.map(({ lastError }) => lastError),
    async claim({ limit, perApp, now, leaseSeconds }) {
      const room = new Map<string, number>()
      for (const entry of unfinished())
        if (entry.status === 'sending' && entry.nextAttemptAt > now)
          room.set(appOf(entry), (room.get(appOf(entry)) ?? perApp) - 1)
      const due = unfinished()
        .filter(({ nextAttemptAt }) => nextAttemptAt <= now)
        .sort((a, b) => a.nextAttemptAt.getTime() - b.nextAttemptAt.getTime())
        .filter((entry) => {
          const left = room.get(appOf(entry)) ?? perApp
          room.set(appOf(entry), left - 1)
          return left > 0
        })
      return due
        .sort((a, b) => Number(a.id) - Number(b.id))
        .slice(0, limit)
        .map((entry) => {
          entry.status = 'sending'
          entry.attempts += 1
          entry.nextAttemptAt = new Date(now.getTime() + leaseSeconds * 1000)
          const { id, poolId, clientId, sub, sid, at, attempts: attempt } = entry
          return { id, poolId, clientId, sub, sid, at, attempt }
        })
    },
    async settle({ id }, alongside) {
      const before = entries.length
      entries = entries.filter((entry) => entry.id !== id)
      if (entries.length < before) book.add(alongside)
    },
    async retry(claimed, { error, nextAttemptAt }) {
      const entry = held(claimed)
      if (entry !== undefined) Object.assign(entry, { status: 'queued', lastError: error, nextAttemptAt })
    },
    async bury(claimed, { error }, alongside) {
      const entry = held(claimed)
      if (entry === undefined) return
      Object.assign(entry, { status: 'dead', lastError: error })
      book.add(alongside)
    },
    async counts() {
      const waiting = unfinished()
      return {
        waiting: waiting.length,
        dead: entries.length - waiting.length,
        oldestAt: waiting.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
      }
    },
    async sweep(before) {
      const all = entries.length
      entries = entries.filter(({ status, at }) => status !== 'dead' || at >= before)
      return all - entries.length
    },
  }
}
