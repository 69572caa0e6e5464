import { setTimeout as pause } from 'node:timers/promises'
import { newEvent } from '#core/events/index.ts'
import type { GuardedFetch } from '#core/federation/ports.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import type { ClaimedSignOut, SignOutQueue } from '#core/sign-out/index.ts'
import type { LogoutNotice } from '../oidc/logout-notice.ts'

export interface SignOutMetrics {
  /** `waitedSeconds` since the session ended. */
  told(waitedSeconds: number): void
  failed(): void
  givenUp(): void
}

export interface SignOutWorkerOptions {
  queue: SignOutQueue
  /** Signs; null: nobody is to be told any more. */
  prepare(signOut: ClaimedSignOut): Promise<LogoutNotice | null>
  fetch: GuardedFetch
  clock: Clock
  random: Random
  /** `fields` hold no address and no token. */
  log: (level: 'info' | 'warn' | 'error', line: string, fields?: Readonly<Record<string, unknown>>) => void
  metrics: SignOutMetrics
  /** Calls under way at once, and of them to one app. */
  concurrency?: number
  perApp?: number
  /** Between two looks at an empty queue. */
  pollMs?: number
  /** Waits; ends early, without throwing, when the signal does. Tests pass their own. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface SignOutWorker {
  start(): void
  /** Takes nothing new and resolves when what was under way is settled. */
  stop(): Promise<void>
  /** A session has ended: look now. */
  nudge(): void
  /** One look and everything it found, settled. Returns how many it took. For tests. */
  round(): Promise<number>
}

/** An app says yes or no; it has nothing to think about. Milliseconds for the whole call, the name's look-up included. */
const CALL_MS = 5_000
/** Nothing of the answer's body is used. */
const MOST_BYTES = 16_384
/** Longer than a call and what is written around it, so that a lease ends only with its worker. */
const LEASE_SECONDS = 30
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 5 * 60_000
/** An app that is away for longer has missed it. */
const GIVEN_UP_AFTER_MS = 3_600_000
/** More than an hour of failures makes. */
const MOST_ATTEMPTS = 50
const SWEEP_EVERY_MS = 10 * 60_000
const KEEP_DAYS = 30

const waitOrEnd = (ms: number, signal: AbortSignal): Promise<void> => pause(ms, undefined, { signal }).catch(() => {})

/**
 * Tells apps that sessions are over (Back-Channel Logout 1.0 §2.5), apart from whoever signs out: an app that is slow or away
 * holds up nobody. Any number of workers may run.
 */
export const signOutWorker = (options: SignOutWorkerOptions): SignOutWorker => {
  const { queue, prepare, fetch, clock, random, log, metrics } = options
  const { concurrency = 16, perApp = 4, pollMs = 500, wait = waitOrEnd } = options
  const ending = new AbortController()
  const underWay = new Set<Promise<void>>()
  let awake = new AbortController()
  let sweptAt = 0

  /** 2^(n-1) s, stretched by up to half: what failed together does not return together. */
  const backOffMs = (failures: number): number => {
    const [byte = 0] = random.bytes(1)
    return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20) * (1 + byte / 510))
  }

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
    const nextAttemptAt = new Date(now.getTime() + backOffMs(claimed.attempt))
    if (nextAttemptAt.getTime() - claimed.at.getTime() > GIVEN_UP_AFTER_MS) return giveUp(claimed, because)
    return queue.retry(claimed, { error: because, nextAttemptAt })
  }

  const tidy = async (): Promise<void> => {
    const now = clock.now().getTime()
    if (now - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now
    await queue.sweep(new Date(now - KEEP_DAYS * 86_400_000))
  }

  /** Takes as many as there is room for and sets them going. */
  const look = async (): Promise<number> => {
    await tidy()
    const room = concurrency - underWay.size
    if (room <= 0) return 0
    const taken = await queue.claim({ limit: room, perApp, now: clock.now(), leaseSeconds: LEASE_SECONDS })
    for (const claimed of taken) {
      const telling: Promise<void> = tell(claimed)
        // The lease ends, and it is told again.
        .catch((error: unknown) => log('error', 'what became of a sign-out could not be written', { err: error }))
        .finally(() => underWay.delete(telling))
      underWay.add(telling)
    }
    return taken.length
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!ending.signal.aborted) {
      awake = new AbortController()
      try {
        await look()
        failures = 0
      } catch (error) {
        if (failures === 0) log('error', 'the queue of sign-outs cannot be read; trying again', { err: error })
        failures += 1
      }
      if (ending.signal.aborted) return
      const rested = wait(
        failures > 0 ? Math.min(30_000, backOffMs(failures)) : pollMs,
        AbortSignal.any([ending.signal, awake.signal]),
      )
      // Whatever ends makes room.
      await Promise.race([rested, ...underWay])
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
      await Promise.all(underWay)
    },
    nudge() {
      awake.abort()
    },
    async round() {
      const taken = await look()
      await Promise.all(underWay)
      return taken
    },
  }
}
