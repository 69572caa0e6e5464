import { DirectoryFault } from './directory-fault.ts'

export interface Poolable {
  isUsable(): boolean
  close(): void
}

export interface ConnectionPool<C extends Poolable> {
  /**
   * Runs work on a connection that nobody else uses meanwhile; once more on a new one where an old one turns out to be gone, so work
   * on kept connections bears being repeated. A connection that failed is not used again. Throws `DirectoryFault`:
   * `too-many-waiting`, `too-slow` when none came free in time, and whatever opening and the work throw.
   *
   * @param signal how long a connection may take to be there
   */
  use<T>(signal: AbortSignal, work: (connection: C) => Promise<T>): Promise<T>
  /** Ends what is kept; what is in use ends with its work. */
  close(): void
}

interface PoolRules {
  /** Connections at once. */
  size: number
  /** How long an unused one is kept; 0: every piece of work has a connection of its own. */
  keepMs: number
}

/** For each connection: with more, they would wait longer than anybody is willing to. */
const MOST_WAITING = 20

const isLost = (error: unknown): boolean => error instanceof DirectoryFault && error.refusal === 'connection-lost'

/** See `ConnectionPool`. */
export const connectionPool = <C extends Poolable>(
  open: (signal: AbortSignal) => Promise<C>,
  { size, keepMs }: PoolRules,
): ConnectionPool<C> => {
  const kept: { connection: C; timer: NodeJS.Timeout }[] = []
  const waiting: (() => void)[] = []
  let used = 0
  let isClosed = false

  const place = (signal: AbortSignal): Promise<void> => {
    if (used < size) {
      used += 1
      return Promise.resolve()
    }
    if (waiting.length >= size * MOST_WAITING) return Promise.reject(new DirectoryFault('too-many-waiting'))
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(new DirectoryFault('too-slow', 'no connection came free'))
      }
      const go = () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      waiting.push(go)
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** The place goes to whoever waits longest, without being free in between. */
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else used -= 1
  }

  const takeKept = (): C | null => {
    for (let one = kept.pop(); one !== undefined; one = kept.pop()) {
      clearTimeout(one.timer)
      if (one.connection.isUsable()) return one.connection
      one.connection.close()
    }
    return null
  }

  const keep = (connection: C) => {
    if (keepMs === 0 || isClosed || !connection.isUsable()) return connection.close()
    const timer = setTimeout(() => {
      const at = kept.findIndex((one) => one.connection === connection)
      if (at >= 0) kept.splice(at, 1)
      connection.close()
    }, keepMs)
    timer.unref()
    kept.push({ connection, timer })
  }

  const run = async <T>(connection: C, work: (connection: C) => Promise<T>): Promise<T> => {
    try {
      const value = await work(connection)
      keep(connection)
      return value
    } catch (error) {
      connection.close()
      throw error
    }
  }

  return {
    async use(signal, work) {
      if (signal.aborted) throw new DirectoryFault('too-slow')
      await place(signal)
      try {
        const old = takeKept()
        if (old === null) return await run(await open(signal), work)
        try {
          return await run(old, work)
        } catch (error) {
          // A server ends what was idle for long, and says so only when it is spoken to.
          if (!isLost(error)) throw error
          return await run(await open(signal), work)
        }
      } finally {
        leave()
      }
    },
    close() {
      isClosed = true
      for (const { connection, timer } of kept.splice(0)) {
        clearTimeout(timer)
        connection.close()
      }
    },
  }
}
