import type { Breach, CompromisedPasswords } from '#core/passwords/index.ts'

export interface MemoryBreaches extends CompromisedPasswords {
  /** This password is known from now on. */
  leak(password: string, breach?: Partial<Breach>): void
  /** Nobody can tell from now on, or can again. */
  setAvailable(isAvailable: boolean): void
  /** Passwords that were looked up, in order. */
  readonly asked: readonly string[]
}

/** Passwords that others know: none until one leaks. */
export const memoryBreaches = (...leaked: readonly string[]): MemoryBreaches => {
  const known = new Map<string, Breach>()
  const asked: string[] = []
  let canTell = true
  const leak = (password: string, breach: Partial<Breach> = {}): void =>
    void known.set(password, { source: 'file', count: 7, ...breach })
  for (const password of leaked) leak(password)
  return {
    asked,
    leak,
    setAvailable(isAvailable) {
      canTell = isAvailable
    },
    async find(password) {
      asked.push(password)
      return canTell ? (known.get(password) ?? null) : 'unavailable'
    },
  }
}
