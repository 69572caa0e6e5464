import { newEvent } from '#core/events/index.ts'
import type { GuardedFetch } from '#core/federation/ports.ts'
import type { ClaimedSignOut, SignOutQueue } from '#core/sign-out/index.ts'
import type { LogoutNotice } from '../oidc/logout-notice.ts'
import { backOffMs, type PollingOptions, type PollingWorker, pollingWorker } from './polling-worker.ts'

export interface SignOutMetrics {
  /** `waitedSeconds` since the session ended. */
  told(waitedSeconds: number): void
  failed(): void
  givenUp(): void
}

export interface SignOutWorkerOptions extends PollingOptions {
  queue: SignOutQueue
  /** Signs; null: nobody is to be told any more. */
  prepare(signOut: ClaimedSignOut): Promise<LogoutNotice | null>
  fetch: GuardedFetch
  metrics: SignOutMetrics
  /** Calls under way at once, and of them to one app. */
  concurrency?: number
  perApp?: number
}

/** An app says yes or no; it has nothing to think about. Milliseconds for the whole call, the name's look-up included. */
const CALL_MS = 5_000
/** Nothing of the answer's body is used. */
const MOST_BYTES = 16_384
/** Longer than a call and what is written around it, so that a lease ends only with its worker. */
const LEASE_SECONDS = 30
const LONGEST_RETRY_MS = 5 * 60_000
/** An app that is away for longer has missed it. */
const GIVEN_UP_AFTER_MS = 3_600_000
/** More than an hour of failures makes. */
const MOST_ATTEMPTS = 50

/**
 * Tells apps that sessions are over (Back-Channel Logout 1.0 §2.5), apart from whoever signs out: an app that is slow or away
 * holds up nobody. Any number of workers may run.
 */
export const signOutWorker = (options: SignOutWorkerOptions): PollingWorker => {
  const { queue, prepare, fetch, clock, random, log, metrics } = options
  const { concurrency = 16, perApp = 4 } = options

  const eventOf = ({ poolId, clientId, sub, attempt }: ClaimedSignOut, because: string | null) =>
    newEvent(random, clock.now(), {
      poolId,
      type: 'sign_out.told',
      outcome: because === null ? 'success' : 'failure',
      reason: because === null ? null : 'upstream-unreachable',
      sub,
      clientId,
      detail: { attempt, ...(because === null ? {} : { because }) },
    })

  const giveUp = async (claimed: ClaimedSignOut, because: string): Promise<void> => {
    const { poolId, clientId } = claimed
    metrics.givenUp()
    log('warn', 'an app could not be told of a sign-out', { poolId, clientId, because })
    await queue.bury(claimed, { error: because }, { events: [eventOf(claimed, because)] })
  }

  const post = async ({ url, token }: LogoutNotice) =>
    fetch({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      timeoutMs: CALL_MS,
      maxBytes: MOST_BYTES,
    })

  const tell = async (claimed: ClaimedSignOut): Promise<void> => {
    // Claimed this often without a word afterwards: it cannot be signed, or takes its worker down with it.
    if (claimed.attempt > MOST_ATTEMPTS) return giveUp(claimed, 'tried too often')
    const notice = await prepare(claimed)
    if (notice === null) return queue.settle(claimed, { events: [] })
    const answer = await post(notice)
    const now = clock.now()
    if (answer.ok && (answer.value.status === 200 || answer.value.status === 204)) {
      metrics.told((now.getTime() - claimed.at.getTime()) / 1000)
      return queue.settle(claimed, { events: [eventOf(claimed, null)] })
    }
    const because = answer.ok ? `it answered ${answer.value.status}` : (answer.failure.because ?? 'the call failed')
    metrics.failed()
    // §2.8: the token was refused for what it is; the next would be too.
    if (answer.ok && answer.value.status === 400) return giveUp(claimed, because)
    const nextAttemptAt = new Date(now.getTime() + backOffMs(random, claimed.attempt, LONGEST_RETRY_MS))
    if (nextAttemptAt.getTime() - claimed.at.getTime() > GIVEN_UP_AFTER_MS) return giveUp(claimed, because)
    return queue.retry(claimed, { error: because, nextAttemptAt })
  }

  const queueOfSignOuts = {
    name: 'the queue of sign-outs',
    item: 'a sign-out',
    lanes: [
      {
        claim: async (busy: number) => {
          const room = concurrency - busy
          if (room <= 0) return []
          return queue.claim({ limit: room, perApp, now: clock.now(), leaseSeconds: LEASE_SECONDS })
        },
        act: tell,
      },
    ],
    sweep: (before: Date) => queue.sweep(before),
  }
  return pollingWorker<ClaimedSignOut>(queueOfSignOuts, options)
}
