import { setTimeout as pause } from 'node:timers/promises'
import type { Clock, Random } from '#core/shared/ports.ts'

/** What every worker over a queue is given. */
export interface PollingOptions {
  clock: Clock
  random: Random
  /** One line for what an operator has to know; `fields` hold no address, no content and no token. */
  log: (level: 'info' | 'warn' | 'error', line: string, fields?: Readonly<Record<string, unknown>>) => void
  /** Between two looks at an empty queue. */
  pollMs?: number
  /** Waits; ends early, without throwing, when the signal does. Tests pass their own. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A part of a queue with room of its own. */
export interface Lane<Work> {
  /** Takes, under a lease, what there is room for beside the `busy` that are under way. */
  claim(busy: number): Promise<readonly Work[]>
  /** Does it and writes what became of it; what it throws is logged, and the lease ends. `ending`: the worker stops. */
  act(work: Work, ending: AbortSignal): Promise<void>
}

export interface PollingQueue<Work> {
  /** As the log calls the queue and one of what it holds: `the outbox`, `a message`. */
  name: string
  item: string
  lanes: readonly Lane<Work>[]
  /** Before every look. */
  tidy?(): Promise<void>
  /** Forgets what was settled before that moment. */
  sweep(before: Date): Promise<unknown>
}

export interface PollingWorker {
  start(): void
  /** Takes nothing new and resolves when what was under way is settled. */
  stop(): Promise<void>
  /** Something was queued: look now. */
  nudge(): void
  /** One look and everything it found, settled. Returns how much it took. For tests and the command line. */
  round(): Promise<number>
}

const FIRST_RETRY_MS = 1_000
/** A queue that cannot be read is a database that is away: it will be back. */
const LONGEST_PAUSE_MS = 30_000
const SWEEP_EVERY_MS = 10 * 60_000
const KEEP_DAYS = 30

/** `PollingOptions.wait` of a running server. */
export const waitOrEnd = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => {})

/**
 * Milliseconds until the next try: 2^(n-1) s up to `longest`, stretched by up to half, so that what failed together does not
 * return together.
 */
export const backOffMs = (
  random: Pick<Random, 'bytes'>,
  failures: number,
  longest: number = LONGEST_PAUSE_MS,
): number => {
  const [byte = 0] = random.bytes(1)
  return Math.min(longest, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20) * (1 + byte / 510))
}

/**
 * Takes work from a queue that others fill and does it beside each other, within the room that each lane has. Any number
 * of workers may run over one queue: each piece is under one lease at a time.
 */
export const pollingWorker = <Work extends { id: string }>(
  queue: PollingQueue<Work>,
  { clock, random, log, pollMs = 500, wait = waitOrEnd }: PollingOptions,
): PollingWorker => {
  const ending = new AbortController()
  const lanes = queue.lanes.map((lane) => ({ ...lane, underWay: new Set<Promise<void>>() }))
  let awake = new AbortController()
  let sweptAt = 0

  const underWay = (): Promise<void>[] => lanes.flatMap((lane) => [...lane.underWay])

  const tidy = async (): Promise<void> => {
    await queue.tidy?.()
    const now = clock.now().getTime()
    if (now - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now
    await queue.sweep(new Date(now - KEEP_DAYS * 86_400_000))
  }

  /** Takes as much as there is room for and sets it going. */
  const fill = async (lane: (typeof lanes)[number]): Promise<number> => {
    const taken = await lane.claim(lane.underWay.size)
    for (const work of taken) {
      const acting: Promise<void> = lane
        .act(work, ending.signal)
        // The lease ends, and it is taken again.
        .catch((error: unknown) =>
          log('error', `what became of ${queue.item} could not be written`, { id: work.id, err: error }),
        )
        .finally(() => lane.underWay.delete(acting))
      lane.underWay.add(acting)
    }
    return taken.length
  }

  const look = async (): Promise<number> => {
    await tidy()
    const taken = await Promise.all(lanes.map(fill))
    return taken.reduce((sum, count) => sum + count, 0)
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!ending.signal.aborted) {
      awake = new AbortController()
      try {
        await look()
        if (failures > 0) log('info', `${queue.name} can be read again`)
        failures = 0
      } catch (error) {
        if (failures === 0) log('error', `${queue.name} cannot be read; trying again`, { err: error })
        failures += 1
      }
      if (ending.signal.aborted) return
      const rested = wait(
        failures > 0 ? backOffMs(random, failures) : pollMs,
        AbortSignal.any([ending.signal, awake.signal]),
      )
      // Whatever ends makes room, and may let the next one to the same recipient go.
      await Promise.race([rested, ...underWay()])
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
      await Promise.all(underWay())
    },
    nudge() {
      awake.abort()
    },
    async round() {
      const taken = await look()
      await Promise.all(underWay())
      return taken
    },
  }
}
