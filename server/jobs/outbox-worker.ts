import type { ClaimedMessage, Mailer, MessageChannel, Outbox, SmsSender } from '#core/messages/ports.ts'
import { DeliveryError } from '#core/shared/delivery-error.ts'
import {
  backOffMs,
  type Lane,
  type PollingOptions,
  type PollingWorker,
  pollingWorker,
  waitOrEnd,
} from './polling-worker.ts'

export interface OutboxMetrics {
  /** `waitedSeconds` since the act that caused it. */
  sent?(channel: MessageChannel, waitedSeconds: number): void
  failed?(channel: MessageChannel, fault: DeliveryError['fault']): void
  buried?(channel: MessageChannel | 'any', count: number): void
}

export interface OutboxWorkerOptions extends PollingOptions {
  outbox: Outbox
  mailer: Mailer
  sms: SmsSender
  metrics?: OutboxMetrics
  /** Messages of one channel under way at once. */
  concurrency?: number
  maxAttempts?: number
}

/** Longer than any transport takes, so that a lease ends only with its worker. */
const LEASE_SECONDS = 90
const LONGEST_RETRY_MS = 10 * 60_000
/** A transport that is down is tried with one message; people wait for its return, so it is tried often. */
const LONGEST_PAUSE_MS = 60_000

/**
 * Sends what the outbox holds. Each channel has its own lane, and within it every message its own time-out: a dead
 * recipient, a slow server or a broken gateway holds up nobody else. Any number of workers may run.
 */
export const outboxWorker = (options: OutboxWorkerOptions): PollingWorker => {
  const { outbox, mailer, sms, clock, random, log, metrics } = options
  const { concurrency = 8, maxAttempts = 20, wait = waitOrEnd } = options

  /**
   * What became of a message has to be written, or it goes out again when its lease ends: a database that is away is waited
   * for. Given up when the worker stops.
   */
  const settle = async (write: () => Promise<void>, ending: AbortSignal): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await write()
      } catch (error) {
        if (ending.aborted) throw error
        await wait(backOffMs(random, failures), ending)
      }
    }
  }

  const lane = (channel: MessageChannel): Lane<ClaimedMessage> => {
    let outages = 0
    let pausedUntil = 0

    const hand = (claimed: ClaimedMessage): Promise<void> =>
      claimed.message.channel === 'email'
        ? mailer.send(claimed.message, claimed.id)
        : sms.send(claimed.message, claimed.id)

    const bury = async (claimed: ClaimedMessage, error: string, ending: AbortSignal): Promise<void> => {
      metrics?.buried?.(channel, 1)
      log('warn', 'message given up', {
        id: claimed.id,
        poolId: claimed.poolId,
        purpose: claimed.purpose,
        channel,
        error,
      })
      await settle(() => outbox.bury(claimed, { error }), ending)
    }

    const pauseLane = (error: string): void => {
      const now = clock.now().getTime()
      // Messages under way together meet the same outage: counted once.
      if (now < pausedUntil) return
      if (outages === 0) log('error', 'messages cannot be sent; they are kept and tried again', { channel, error })
      outages += 1
      pausedUntil = now + backOffMs(random, outages, LONGEST_PAUSE_MS)
    }

    const deliver = async (claimed: ClaimedMessage, ending: AbortSignal): Promise<void> => {
      // Claimed this often without a word afterwards: it takes its worker down with it.
      if (claimed.attempt > maxAttempts) return bury(claimed, 'tried too often', ending)
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
          return settle(() => outbox.release(claimed, { error, at: now }), ending)
        }
        if (fault === 'permanent' || claimed.attempt >= maxAttempts) return bury(claimed, error, ending)
        const nextAttemptAt = new Date(now.getTime() + backOffMs(random, claimed.attempt, LONGEST_RETRY_MS))
        return settle(() => outbox.markFailed(claimed, { error, nextAttemptAt }), ending)
      }
      if (outages > 0) log('info', 'messages can be sent again', { channel })
      outages = 0
      const at = clock.now()
      metrics?.sent?.(channel, (at.getTime() - claimed.createdAt.getTime()) / 1_000)
      await settle(() => outbox.markSent(claimed, at), ending)
    }

    const claim = async (busy: number): Promise<readonly ClaimedMessage[]> => {
      const now = clock.now()
      const room = (outages > 0 ? 1 : concurrency) - busy
      if (room <= 0 || now.getTime() < pausedUntil) return []
      return outbox.claim({ channel, limit: room, now, leaseSeconds: LEASE_SECONDS })
    }
    return { claim, act: deliver }
  }

  const tidy = async (): Promise<void> => {
    const expired = await outbox.buryExpired(clock.now())
    if (expired > 0) metrics?.buried?.('any', expired)
  }

  const queue = {
    name: 'the outbox',
    item: 'a message',
    lanes: [lane('email'), lane('sms')],
    tidy,
    sweep: (before: Date) => outbox.sweep(before),
  }
  return pollingWorker(queue, options)
}
