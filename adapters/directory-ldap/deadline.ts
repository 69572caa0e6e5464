import { DirectoryFault } from './directory-fault.ts'

export interface Deadline {
  signal: AbortSignal
  /** Its purpose is over. */
  stop(): void
}

/**
 * Time that runs out. It is real: a clock that stands still must not make anybody wait for ever. It keeps the process alive, as the
 * connections that are waited for do not.
 */
export const deadline = (ms: number, outer?: AbortSignal): Deadline => {
  const controller = new AbortController()
  const end = () => controller.abort(new DirectoryFault('too-slow'))
  const timer = setTimeout(end, ms)
  outer?.addEventListener('abort', end, { once: true })
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', end)
    },
  }
}

/** Waits for work no longer than the signal lets it; the work itself goes on until whoever started it ends it. */
export const within = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = () => reject(new DirectoryFault('too-slow'))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
