import { availableParallelism } from 'node:os'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import type { PasswordHasher } from '#core/users/ports.ts'
import { boundedQueue } from './bounded-queue.ts'

export interface Argon2Options {
  /** KiB. */
  memoryCost?: number
  timeCost?: number
  parallelism?: number
  /** Hashes computed at once; each takes `memoryCost` of memory and a thread of libuv's pool. */
  concurrency?: number
  /** Hashes that may wait for their turn. */
  maxWaiting?: number
}

export interface Argon2Hasher extends PasswordHasher {
  depth(): { running: number; waiting: number }
}

// The binding's `Algorithm.Argon2id` and `Version.V0x13`: const enums, which cannot be imported as values.
const ARGON2ID = 2
const VERSION_13 = 1

/** Seconds until a full queue is likely to have room: some 40 hashes per second and core. */
const RETRY_AFTER_SECONDS = 2

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

/**
 * argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane: about 12 ms), as PHC strings. A hash says under which parameters it was
 * made and stays verifiable when they change. Throws `Overloaded` when too many wait.
 * @see RFC 9106 §4
 */
export const argon2Hasher = ({
  memoryCost = 19_456,
  timeCost = 2,
  parallelism = 1,
  concurrency = availableParallelism(),
  maxWaiting = 200,
}: Argon2Options = {}): Argon2Hasher => {
  const parameters = { algorithm: ARGON2ID, version: VERSION_13, memoryCost, timeCost, parallelism } as const
  const queue = boundedQueue({
    name: 'password hashing',
    concurrency,
    maxWaiting,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
  // A well-formed hash of nothing: 32 zero octets that no password leads to. Costs what a real one costs.
  const decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(Buffer.alloc(16, 'portico'))}$${base64(Buffer.alloc(32))}`

  return {
    hash: (password) => queue.run(() => hash(password, parameters)),
    async verify(password, stored) {
      const matches = await queue.run(() => verify(stored ?? decoy, password))
      return stored !== null && matches
    },
    isOutdated(stored) {
      const made = parseOptions(stored)
      return (
        made.algorithm !== ARGON2ID ||
        made.version !== VERSION_13 ||
        made.memoryCost !== memoryCost ||
        made.timeCost !== timeCost ||
        made.parallelism !== parallelism
      )
    },
    depth: queue.depth,
  }
}
