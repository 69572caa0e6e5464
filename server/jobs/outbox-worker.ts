import { setTimeout as pause } from 'node:timers/promises'
import type { ClaimedMessage, Mailer, MessageChannel, Outbox, SmsSender } from '#core/messages/ports.ts'
import { DeliveryError } from '#core/shared/delivery-error.ts'
import type { Clock, Random } from '#core/shared/ports.ts'

export interface OutboxMetrics {
  /** `waitedSeconds` since the act that caused it. */
  sent?(channel: MessageChannel, waitedSeconds: number): void
  failed?(channel: MessageChannel, fault: DeliveryError['fault']): void
  buried?(channel: MessageChannel | 'any', count: number): void
}

export interface OutboxWorkerOptions {
  outbox: Outbox
  mailer: Mailer
  sms: SmsSender
  clock: Clock
  random: Random
  /** One line for what an operator has to know; `fields` hold no address and no content. */
  log: (level: 'info' | 'warn' | 'error', line: string, fields?: Readonly<Record<string, unknown>>) => void
  metrics?: OutboxMetrics
  /** Messages of one channel under way at once. */
  concurrency?: number
  /** Between two looks at an empty queue. */
  pollMs?: number
  maxAttempts?: number
  /** Waits; ends early, without throwing, when the signal does. Tests pass their own. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface OutboxWorker {
  start(): void
  /** Takes nothing new and resolves when what was under way is settled. */
  stop(): Promise<void>
  /** Something was queued: look now. */
  nudge(): void
  /** One look and everything it found, settled. Returns how many messages it took. For tests and the command line. */
  round(): Promise<number>
}

/** Longer than any transport takes, so that a lease ends only with its worker. */
const LEASE_SECONDS = 90
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 10 * 60_000
/** A transport that is down is tried with one message; people wait for its return, so it is tried often. */
const LONGEST_PAUSE_MS = 60_000
const SWEEP_EVERY_MS = 10 * 60_000
const KEEP_DAYS = 30

const waitOrEnd = (ms: number, signal: AbortSignal): Promise<void> => pause(ms, undefined, { signal }).catch(() => {})

/**
 * Sends what the outbox holds. Each channel has its own lane, and within it every message its own time-out: a dead
 * recipient, a slow server or a broken gateway holds up nobody else. Any number of workers may run.
 */
export const outboxWorker = (options: OutboxWorkerOptions): OutboxWorker => {
  const { outbox, mailer, sms, clock, random, log, metrics } = options
  const { concurrency = 8, pollMs = 500, maxAttempts = 20, wait = waitOrEnd } = options
  const ending = new AbortController()
  let awake = new AbortController()
  let sweptAt = 0

  /** 2^(n-1) s up to `longest`, stretched by up to half: many messages that failed together do not return together. */
  const backOffMs = (failures: number, longest: number): number => {
    const [byte = 0] = random.bytes(1)
    return Math.min(longest, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20) * (1 + byte / 510))
  }

  /**
   * What became of a message has to be written, or it goes out again when its lease ends: a database that is away is waited
   * for. Given up when the worker stops.
   */
  const settle = async (write: () => Promise<void>): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await write()
      } catch (error) {
        if (ending.signal.aborted) throw error
        await wait(backOffMs(failures, 30_000), ending.signal)
      }
    }
  }

  const lane = (channel: MessageChannel) => {
    const underWay = new Set<Promise<void>>()
    let outages = 0
    let pausedUntil = 0

    const hand = (claimed: ClaimedMessage): Promise<void> =>
      claimed.message.channel === 'email'
        ? mailer.send(claimed.message, claimed.id)
        : sms.send(claimed.message, claimed.id)

    const bury = async (claimed: ClaimedMessage, error: string): Promise<void> => {
      metrics?.buried?.(channel, 1)
      log('warn', 'message given up', {
        id: claimed.id,
        poolId: claimed.poolId,
        purpose: claimed.purpose,
        channel,
        error,
      })
      await settle(() => outbox.bury(claimed, { error }))
    }

    const pauseLane = (error: string): void => {
      const now = clock.now().getTime()
      // Messages under way together meet the same outage: counted once.
      if (now < pausedUntil) return
      if (outages === 0) log('error', 'messages cannot be sent; they are kept and tried again', { channel, error })
      outages += 1
      pausedUntil = now + backOffMs(outages, LONGEST_PAUSE_MS)
    }

    const deliver = async (claimed: ClaimedMessage): Promise<void> => {
      // Claimed this often without a word afterwards: it takes its worker down with it.
      if (claimed.attempt > maxAttempts) return bury(claimed, 'tried too often')
      try {
        await hand(claimed)
      } catch (thrown) {
        const fault = thrown instanceof DeliveryError ? thrown.fault : 'message'
        const error = thrown instanceof DeliveryError ? thrown.message : 'unexpected failure of the transport'
        if (!(thrown instanceof DeliveryError))
          log('error', error, { id: claimed.id, channel, kind: String(thrown).split(':')[0] })
        metrics?.failed?.(channel, fault)
        const now = clock.now()
        if (fault === 'transport') {
          pauseLane(error)
          return settle(() => outbox.release(claimed, { error, at: now }))
        }
        if (fault === 'permanent' || claimed.attempt >= maxAttempts) return bury(claimed, error)
        const nextAttemptAt = new Date(now.getTime() + backOffMs(claimed.attempt, LONGEST_RETRY_MS))
        return settle(() => outbox.markFailed(claimed, { error, nextAttemptAt }))
      }
      if (outages > 0) log('info', 'messages can be sent again', { channel })
      outages = 0
      const at = clock.now()
      metrics?.sent?.(channel, (at.getTime() - claimed.createdAt.getTime()) / 1_000)
      await settle(() => outbox.markSent(claimed, at))
    }

    /** Takes as many as there is room for and sets them going. */
    const fill = async (): Promise<number> => {
      const now = clock.now()
      const room = outages > 0 ? 1 - underWay.size : concurrency - underWay.size
      if (room <= 0 || now.getTime() < pausedUntil) return 0
      const taken = await outbox.claim({ channel, limit: room, now, leaseSeconds: LEASE_SECONDS })
      for (const claimed of taken) {
        const delivery: Promise<void> = deliver(claimed)
          .catch((error: unknown) =>
            log('error', 'what became of a message could not be written', { id: claimed.id, err: error }),
          )
          .finally(() => underWay.delete(delivery))
        underWay.add(delivery)
      }
      return taken.length
    }
    return { fill, underWay }
  }

  const lanes = [lane('email'), lane('sms')]

  const tidy = async (): Promise<void> => {
    const now = clock.now()
    const expired = await outbox.buryExpired(now)
    if (expired > 0) metrics?.buried?.('any', expired)
    if (now.getTime() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now.getTime()
    await outbox.sweep(new Date(now.getTime() - KEEP_DAYS * 86_400_000))
  }

  const look = async (): Promise<number> => {
    await tidy()
    const taken = await Promise.all(lanes.map(({ fill }) => fill()))
    return taken.reduce((sum, count) => sum + count, 0)
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!ending.signal.aborted) {
      awake = new AbortController()
      try {
        await look()
        if (failures > 0) log('info', 'the outbox can be read again')
        failures = 0
      } catch (error) {
        if (failures === 0) log('error', 'the outbox cannot be read; trying again', { err: error })
        failures += 1
      }
      if (ending.signal.aborted) return
      const rested = wait(
        failures > 0 ? backOffMs(failures, 30_000) : pollMs,
        AbortSignal.any([ending.signal, awake.signal]),
      )
      // Whatever ends makes room, and may let the next message to the same recipient go.
      await Promise.race([rested, ...lanes.flatMap(({ underWay }) => [...underWay])])
      awake.abort()
    }
  }

  let running: Promise<void> | null = null
  return {
    start() {
      running ??= run()
    },
    async stop() {
      ending.abort()
      await running
      await Promise.all(lanes.flatMap(({ underWay }) => [...underWay]))
    },
    nudge() {
      awake.abort()
    },
    async round() {
      const taken = await look()
      await Promise.all(lanes.flatMap(({ underWay }) => [...underWay]))
      return taken
    },
  }
}
