import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { sha1Hex } from '#adapters/passwords/sha1.ts'

const DIGITS = Buffer.from('0123456789ABCDEF')
const HASH = 40
/** 13 hex characters carry the order of the hashes: as many bits as a double holds exactly. */
const KEY_DIGITS = 13
const KEYS = 16 ** KEY_DIGITS
const LONGEST_LINE = 64
const CHUNK = 1 << 20

/** Small, fast, seeded: the same file every time. Gives 32 bits. */
const generator = (seed: number) => {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed | 0]
  const next = (): number => {
    const sum = (a + b + d++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let warm = 0; warm < 16; warm++) next()
  return next
}

/** Seen once or twice for the most part, millions of times at the top: as in the public list. */
const countOf = (bits: number): number => Math.max(1, Math.floor(1 / (bits / 2 ** 32 + 1e-7)))

export interface KnownPassword {
  password: string
  count: number
}

/**
 * Writes a list of hashes in the public download format: random hashes in order, and those of the known passwords among
 * them. Distances between uniformly spread values are exponential, so nothing has to be sorted. Gives the number of lines.
 */
export const writeHashList = (path: string, bytes: number, seed: number, known: readonly KnownPassword[]): number => {
  const next = generator(seed)
  const placed = known.map(({ password, count }) => ({ hash: sha1Hex(password), count }))
  placed.sort((one, other) => (one.hash < other.hash ? -1 : 1))
  // 40 characters, a colon, CR and LF, and on average about one and a third digits.
  const gap = KEYS / (bytes / 44.4)
  const file = openSync(path, 'w')
  const chunk = Buffer.allocUnsafe(CHUNK)
  let at = 0
  let lines = 0
  const finish = (count: number): void => {
    at += chunk.write(`:${count}\r\n`, at, 'latin1')
    lines++
    if (at > CHUNK - LONGEST_LINE) {
      writeSync(file, chunk, 0, at)
      at = 0
    }
  }
  const place = ({ hash, count }: { hash: string; count: number }): void => {
    at += chunk.write(hash, at, 'latin1')
    finish(count)
  }
  let waiting = placed.shift()
  for (let key = 0; ; ) {
    key += 1 - gap * Math.log(1 - next() / 2 ** 32)
    if (key >= KEYS) break
    let digits = Math.floor(key)
    for (let digit = KEY_DIGITS - 1; digit >= 0; digit--) {
      chunk[at + digit] = DIGITS[digits % 16] ?? 0
      digits = Math.floor(digits / 16)
    }
    let bits = next()
    for (let digit = KEY_DIGITS; digit < HASH; digit++) {
      chunk[at + digit] = DIGITS[bits & 15] ?? 0
      bits = digit % 7 === 0 ? next() : bits >>> 4
    }
    if (waiting !== undefined && waiting.hash <= chunk.toString('latin1', at, at + HASH)) {
      // Comes before; the random one at this place is left out.
      place(waiting)
      waiting = placed.shift()
      continue
    }
    at += HASH
    finish(countOf(next()))
  }
  for (; waiting !== undefined; waiting = placed.shift()) place(waiting)
  writeSync(file, chunk, 0, at)
  fsyncSync(file)
  closeSync(file)
  return lines
}
