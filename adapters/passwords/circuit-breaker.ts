import type { Clock } from '#core/shared/ports.ts'

export interface CircuitBreakerOptions {
  clock: Clock
  /** Failures in a row after which nobody asks any more. */
  failures: number
  /** How long nobody asks; then one may try. */
  pauseSeconds: number
  /** Told once when it opens and once when it closes again. */
  onChange?: (isOpen: boolean, because: string) => void
}

/** Keeps a service that does not answer from costing everybody its time-out. */
export const circuitBreaker = ({ clock, failures, pauseSeconds, onChange }: CircuitBreakerOptions) => {
  let inARow = 0
  /** Epoch milliseconds until which nobody asks; null while closed. */
  let silentUntil: number | null = null
  const pause = (): number => clock.now().getTime() + pauseSeconds * 1000

  return {
    /** After the pause exactly one caller gets true: the others wait for what comes of it. */
    mayTry(): boolean {
      if (silentUntil === null) return true
      if (clock.now().getTime() < silentUntil) return false
      silentUntil = pause()
      return true
    },
    succeeded(): void {
      inARow = 0
      if (silentUntil === null) return
      silentUntil = null
      onChange?.(false, 'answers again')
    },
    failed(because: string): void {
      inARow++
      if (inARow < failures) return
      const isNew = silentUntil === null
      silentUntil = pause()
      if (isNew) onChange?.(true, because)
    },
  }
}
