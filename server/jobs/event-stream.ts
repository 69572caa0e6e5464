import { type EventFeed, type EventSink, toEventLine } from '#core/events/index.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import { waitOrEnd } from './polling-worker.ts'

export interface EventStreamMetrics {
  /** Age of the oldest event that a sink has not taken, seconds; 0: it has them all. */
  lagged(sink: string, seconds: number): void
  taken(sink: string, count: number): void
  failed(sink: string): void
}

export interface EventStreamOptions {
  feed: EventFeed
  sinks: readonly EventSink[]
  clock: Clock
  random: Random
  /** `fields` hold no event. */
  log: (level: 'info' | 'warn', line: string, fields: Readonly<Record<string, unknown>>) => void
  metrics: EventStreamMetrics
  /** Events handed over at once. */
  batch?: number
  /** Between two looks when there was nothing. */
  pollMs?: number
  /** Waits; ends early, without throwing, when the signal does. Tests pass their own. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface EventStream {
  start(): void
  /** Hands over nothing new, and lets another process go on at once. */
  stop(): Promise<void>
  /** One look for one sink: how many it took. Throws what the sink or the database threw. For tests. */
  round(sink: EventSink): Promise<number>
}

/** Longer than a sink may take for a batch, so that a lease ends only with its worker. */
const LEASE_SECONDS = 60
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

/**
 * Hands every event to the operator's sinks, at least once and in order, each sink at its own pace. A sink that is away is
 * waited for: the events wait in their table. Any number of processes may run; one of them has a sink at a time.
 */
export const eventStream = (options: EventStreamOptions): EventStream => {
  const { feed, sinks, clock, random, log, metrics, batch = 500, pollMs = 1_000, wait = waitOrEnd } = options
  const ending = new AbortController()
  const lease = random.uuid()

  const round = async (sink: EventSink): Promise<number> => {
    const { name } = sink
    const now = clock.now()
    const claimed = await feed.claim({ sink: name, lease, now, leaseSeconds: LEASE_SECONDS, limit: batch })
    const [oldest] = claimed?.events ?? []
    if (claimed === null || oldest === undefined) {
      metrics.lagged(name, 0)
      return 0
    }
    metrics.lagged(name, Math.max(0, (now.getTime() - oldest.createdAt.getTime()) / 1000))
    await sink.write(claimed.events.map(toEventLine))
    await feed.advance(name, lease, claimed.position, clock.now())
    metrics.taken(name, claimed.events.length)
    return claimed.events.length
  }

  const run = async (sink: EventSink): Promise<void> => {
    let failures = 0
    while (!ending.signal.aborted) {
      let rest = 0
      try {
        // A full batch means more is waiting.
        rest = (await round(sink)) === batch ? 0 : pollMs
        if (failures > 0) log('info', 'the event sink takes events again', { sink: sink.name })
        failures = 0
      } catch (error) {
        failures += 1
        metrics.failed(sink.name)
        const because = error instanceof Error ? error.message : String(error)
        if (failures === 1) log('warn', 'events cannot be handed over; they wait', { sink: sink.name, because })
        rest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10))
      }
      if (rest > 0) await wait(rest, ending.signal)
    }
    await feed.release(sink.name, lease).catch(() => undefined)
  }

  let running: Promise<unknown> | null = null
  return {
    start() {
      running ??= Promise.all(sinks.map(run))
    },
    async stop() {
      ending.abort()
      await running
    },
    round,
  }
}
