import { LRUCache } from 'lru-cache'
import type { CompromisedPasswords } from '#core/passwords/ports.ts'
import type { Clock } from '#core/shared/ports.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { sha1Hex } from './sha1.ts'

export interface BreachRangeOptions {
  /** `https://api.pwnedpasswords.com` or a mirror of it. https, except on this machine or in development. */
  baseUrl: string
  production: boolean
  clock: Clock
  /** Milliseconds for the whole exchange: somebody is waiting at a sign-in page. */
  timeoutMs?: number
  /** Told when the service is given up for a while, and when it is back; never what was asked. */
  onChange?: (isOpen: boolean, because: string) => void
}

/** Hex characters of the hash that leave the process: one of 1,048,576 ranges, each of about a thousand passwords. */
const PREFIX = 5
const LINE = /^[0-9A-F]{35}:\d{1,12}$/i
/** A padded range of the public service is about 60 KB. */
const MAX_BYTES = 512 * 1024
const CACHE = { maxSize: 8 * 1024 * 1024, ttl: 10 * 60_000 }
const FAILURES = 3
const PAUSE_SECONDS = 30
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** The body as text, read no further than it may go: decompressed bytes count. */
const readBounded = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early cancels the stream and with it the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_BYTES) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

const countIn = (lines: readonly string[], suffix: string): number => {
  const found = lines.find((line) => line.slice(0, suffix.length).toUpperCase() === suffix)
  // Padding has the count 0: made-up lines that hide how long the range really is.
  return found === undefined ? 0 : Number(found.slice(suffix.length + 1))
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? error.cause.message : error.message
}

/**
 * The k-anonymity range protocol of Have I Been Pwned: five characters of the hash go out, a range of suffixes comes back,
 * the comparison is made here. Redirects are not followed. After three failures in a row nobody asks for half a minute.
 */
export const breachRange = (options: BreachRangeOptions): CompromisedPasswords => {
  const { baseUrl, production, clock, timeoutMs = 1000, onChange } = options
  const base = URL.parse(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)
  const isPlain = base?.protocol === 'http:' && (!production || LOOPBACK.test(base.hostname))
  if (base === null || (base.protocol !== 'https:' && !isPlain)) {
    throw new Error('the address of the breach range service must be https')
  }
  const breaker = circuitBreaker({
    clock,
    failures: FAILURES,
    pauseSeconds: PAUSE_SECONDS,
    ...(onChange && { onChange }),
  })
  const ranges = new LRUCache<string, readonly string[]>({
    ...CACHE,
    sizeCalculation: (lines) => 1 + lines.length * 64,
    perf: { now: () => clock.now().getTime() },
    ttlResolution: 0,
  })

  const ask = async (prefix: string): Promise<readonly string[]> => {
    const response = await fetch(new URL(`range/${prefix}`, base), {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'add-padding': 'true', 'user-agent': 'Portico', accept: 'text/plain' },
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`answered ${response.status}`)
    }
    const lines = (await readBounded(response)).split(/\r?\n/).filter((line) => line !== '')
    if (!lines.every((line) => LINE.test(line))) throw new Error('the answer is no range of hashes')
    return lines
  }

  return {
    async find(password) {
      const hash = sha1Hex(password)
      const [prefix, suffix] = [hash.slice(0, PREFIX), hash.slice(PREFIX)]
      let lines = ranges.get(prefix)
      if (lines === undefined) {
        if (!breaker.mayTry()) return 'unavailable'
        try {
          lines = await ask(prefix)
        } catch (error) {
          breaker.failed(reasonOf(error))
          return 'unavailable'
        }
        breaker.succeeded()
        ranges.set(prefix, lines)
      }
      const count = countIn(lines, suffix)
      return count === 0 ? null : { source: 'range', count }
    },
  }
}
