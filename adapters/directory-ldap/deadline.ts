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
