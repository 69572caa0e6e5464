import type { CapturedMessage, CapturedMessages, ClaimedMessage, MessageChannel, Outbox } from '#core/messages/ports.ts'
import type { NewMessage } from '#core/shared/alongside.ts'

interface Entry extends CapturedMessage {
  attempts: number
  nextAttemptAt: Date
  lastError: string | null
}

export interface MemoryOutbox extends Outbox, CapturedMessages {
  /** What the store does in the transaction of the act. */
  add(message: NewMessage): void
}

/** The outbox without a database; keeps content, as the development inbox needs it. */
export const memoryOutbox = (): MemoryOutbox => {
  const entries = new Map<string, Entry>()
  const inOrder = (): Entry[] => [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const isUnfinished = (entry: Entry): boolean => entry.status === 'queued' || entry.status === 'sending'
  const isHeld = ({ id, attempt }: ClaimedMessage): Entry | null => {
    const entry = entries.get(id)
    return entry && entry.status === 'sending' && entry.attempts === attempt ? entry : null
  }
  const countsOf = (channel: MessageChannel) => {
    const ours = inOrder().filter((entry) => entry.message.channel === channel)
    const waiting = ours.filter(isUnfinished)
    return {
      waiting: waiting.length,
      dead: ours.filter((entry) => entry.status === 'dead').length,
      oldestAt: waiting.map((entry) => entry.createdAt).sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    }
  }

  return {
    add(message) {
      if (message.isWithheld === true) return
      entries.set(message.id, {
        ...message,
        status: 'queued',
        attempts: 0,
        nextAttemptAt: message.createdAt,
        lastError: null,
      })
    },
    async claim({ channel, limit, now, leaseSeconds }) {
      const unfinished = inOrder().filter((entry) => isUnfinished(entry) && entry.message.channel === channel)
      const due = unfinished.filter(
        (entry, index) =>
          entry.nextAttemptAt <= now &&
          !unfinished
            .slice(0, index)
            .some((earlier) => earlier.poolId === entry.poolId && earlier.message.to === entry.message.to),
      )
      return due.slice(0, limit).map((entry) => {
        entry.status = 'sending'
        entry.attempts += 1
        entry.nextAttemptAt = new Date(now.getTime() + leaseSeconds * 1_000)
        const { id, poolId, purpose, message, createdAt, expiresAt } = entry
        return { id, poolId, purpose, message, createdAt, expiresAt, attempt: entry.attempts }
      })
    },
    async markSent({ id }) {
      const entry = entries.get(id)
      if (entry) entry.status = 'sent'
    },
    async markFailed(claimed, { error, nextAttemptAt }) {
      const entry = isHeld(claimed)
      if (entry) Object.assign(entry, { status: 'queued', lastError: error, nextAttemptAt })
    },
    async release(claimed, { error, at }) {
      const entry = isHeld(claimed)
      if (entry)
        Object.assign(entry, { status: 'queued', lastError: error, nextAttemptAt: at, attempts: entry.attempts - 1 })
    },
    async bury(claimed, { error }) {
      const entry = isHeld(claimed)
      if (entry) Object.assign(entry, { status: 'dead', lastError: error })
    },
    async buryExpired(now) {
      const late = inOrder().filter(
        ({ status, expiresAt, nextAttemptAt }) =>
          expiresAt !== null &&
          expiresAt <= now &&
          (status === 'queued' || (status === 'sending' && nextAttemptAt <= now)),
      )
      for (const entry of late) entry.status = 'dead'
      return late.length
    },
    async counts() {
      return { email: countsOf('email'), sms: countsOf('sms') }
    },
    async sweep(before) {
      const old = inOrder().filter((entry) => !isUnfinished(entry) && entry.createdAt < before)
      for (const { id } of old) entries.delete(id)
      return old.length
    },
    async latest({ limit, to }) {
      return inOrder()
        .reverse()
        .filter(({ message }) => to === undefined || message.to.toLowerCase() === to.toLowerCase())
        .slice(0, limit)
    },
    find: async (id) => entries.get(id) ?? null,
  }
}
