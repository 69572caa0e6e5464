/**
 * Thrown when bounded work is full. It is no refusal of what was asked: faces answer 503 with `Retry-After`, and the same
 * request succeeds later.
 */
export class Overloaded extends Error {
  readonly code = 'overloaded'
  readonly retryAfterSeconds: number

  constructor(what: string, retryAfterSeconds: number) {
    super(`${what} is at its limit`)
    this.name = 'Overloaded'
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** By its code and not by its class: the server's modules and the pages' are two worlds. */
export const isOverloaded = (error: unknown): error is Overloaded =>
  error instanceof Error && (error as { code?: unknown }).code === 'overloaded'
