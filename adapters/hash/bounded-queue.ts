import { Overloaded } from '#core/shared/overloaded.ts'

export interface BoundedQueueOptions {
  /** What is said to be full. */
  name: string
  /** Tasks at work at once. */
  concurrency: number
  /** Tasks that may wait; one more is refused. */
  maxWaiting: number
  /** Told to whoever is refused. */
  retryAfterSeconds: number
}

export interface BoundedQueue {
  /** Runs the task in turn. Throws `Overloaded` at once when too many wait already. */
  run<T>(task: () => Promise<T>): Promise<T>
  depth(): { running: number; waiting: number }
}

/** First come, first served, with bounds on work and on waiting: memory stays finite however many ask. */
export const boundedQueue = ({
  name,
  concurrency,
  maxWaiting,
  retryAfterSeconds,
}: BoundedQueueOptions): BoundedQueue => {
  const waiting: (() => void)[] = []
  let running = 0

  return {
    async run(task) {
      if (running < concurrency) running++
      else if (waiting.length >= maxWaiting) throw new Overloaded(name, retryAfterSeconds)
      // The place is handed over by whoever leaves, so that a newcomer cannot slip in between.
      else await new Promise<void>((turn) => waiting.push(turn))
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
    depth: () => ({ running, waiting: waiting.length }),
  }
}
