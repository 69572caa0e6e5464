import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import type { CompromisedPasswords } from '#core/passwords/ports.ts'
import { sha1Hex } from './sha1.ts'

/** The file cannot be used. The message tells why and repeats none of its content. */
export class BreachFileRefused extends Error {}

export interface BreachFile extends CompromisedPasswords {
  /** Positioned reads so far. */
  reads(): number
  close(): void
}

const HASH = 40
/** Bytes of one read: some 180 lines. */
const BLOCK = 8192
/** Places looked at before the file is trusted. */
const SAMPLES = 256
/** Guesses before every second step halves what is left, so that hashes which are not spread evenly cost no more. */
const GUESSES = 4
/** 13 hex characters: as many bits as a double holds exactly. */
const KEY_DIGITS = 13
const KEYS = 16 ** KEY_DIGITS

const UPPER = /^[0-9A-F]{40}:\d{1,12}$/
const LOWER = /^[0-9a-f]{40}:\d{1,12}$/

const readAt = promisify(read)
const keyOf = (hash: string): number => Number.parseInt(hash.slice(0, KEY_DIGITS), 16)

/** Where the first line that is whole in this block begins, and where the last one ends. */
const wholeLines = (text: string, from: number, size: number): { first: number; end: number } => ({
  first: from === 0 ? 0 : text.indexOf('\n') + 1,
  // The last line of the file may lack its end.
  end: from + text.length >= size ? text.length : text.lastIndexOf('\n') + 1,
})

/** Refuses a file that is not sorted, or whose lines are not `SHA1:COUNT`, as far as a sample shows. */
const inspect = (fd: number): { size: number; isUpper: boolean } => {
  const stat = fstatSync(fd)
  if (!stat.isFile()) throw new BreachFileRefused('is not a file')
  const { size } = stat
  const block = Buffer.alloc(BLOCK)
  let isUpper = true
  let before = ''
  let isFirst = true
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const from = Math.floor((Math.max(0, size - BLOCK) * sample) / SAMPLES)
    const text = block.toString('latin1', 0, readSync(fd, block, 0, BLOCK, from))
    const { first, end } = wholeLines(text, from, size)
    const lines = text
      .slice(first, end)
      .split(/\r?\n/)
      .filter((line, at, all) => line !== '' || at < all.length - 1)
    if (lines.length === 0) throw new BreachFileRefused('holds no lines of the form SHA1:COUNT')
    if (isFirst) isUpper = UPPER.test(lines[0] ?? '')
    isFirst = false
    const shape = isUpper ? UPPER : LOWER
    if (!lines.every((line) => shape.test(line))) throw new BreachFileRefused('has a line that is not SHA1:COUNT')
    const hashes = lines.map((line) => line.slice(0, HASH))
    // Neighbouring samples of a small file overlap: order is asked for within each, and from one's start to the next's.
    if (!hashes.every((hash, at) => at === 0 || hash > (hashes[at - 1] ?? '')) || (hashes[0] ?? '') < before)
      throw new BreachFileRefused('is not sorted by hash')
    before = hashes[0] ?? ''
  }
  return { size, isUpper }
}

/**
 * A file of hashes in the public download format: sorted lines `SHA1:COUNT`, CRLF or LF, tens of gigabytes. Nothing of it is
 * kept in memory. Hashes are spread evenly, so the place of one can be guessed from its value: two or three reads, and
 * never more than twice a binary search's.
 *
 * Throws `BreachFileRefused` for a file of another form. Replace the file by renaming another over it, then restart.
 */
export const openBreachFile = (path: string, onTrouble: (because: string) => void = () => undefined): BreachFile => {
  const fd = ((): number => {
    try {
      return openSync(path, 'r')
    } catch (error) {
      throw new BreachFileRefused(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
    }
  })()
  let checked: { size: number; isUpper: boolean }
  try {
    checked = inspect(fd)
  } catch (error) {
    closeSync(fd)
    throw error
  }
  const { size, isUpper } = checked
  let reads = 0

  const textAt = async (from: number, length: number): Promise<string> => {
    reads++
    const { bytesRead, buffer } = await readAt(fd, Buffer.allocUnsafe(length), 0, length, from)
    if (bytesRead !== length) throw new Error('the file has become shorter')
    return buffer.toString('latin1')
  }

  /** How often the hash was seen; 0 when it is not there. */
  const countOf = async (hash: string): Promise<number> => {
    const key = keyOf(hash)
    // Lines that begin before `low` are smaller, those from `high` on are larger; both are starts of lines.
    let [low, high] = [0, size]
    let [lowKey, highKey] = [0, KEYS]
    for (let round = 0; low < high; round++) {
      const share = round < GUESSES || round % 2 === 0 ? (key - lowKey) / Math.max(1, highKey - lowKey) : 0.5
      const guess = Math.floor(low + (high - low) * share - BLOCK / 2)
      const from = Math.max(low, Math.min(guess, high - BLOCK))
      const text = await textAt(from, Math.min(BLOCK, high - from))
      const whole = wholeLines(text, from, size)
      const first = from === low ? 0 : whole.first
      const end = from + text.length === high ? text.length : whole.end
      if (end - first < HASH) throw new Error('a line is too long')

      const firstHash = text.slice(first, first + HASH)
      const lastStart = text.lastIndexOf('\n', end - 2) + 1
      const lastHash = text.slice(lastStart, lastStart + HASH)
      if (hash < firstHash) [high, highKey] = [from + first, keyOf(firstHash)]
      else if (hash > lastHash) [low, lowKey] = [from + end, keyOf(lastHash)]
      else {
        const at = text.indexOf(`${hash}:`, first)
        return at === -1 ? 0 : Number.parseInt(text.slice(at + HASH + 1), 10)
      }
    }
    return 0
  }

  return {
    async find(password) {
      const hash = sha1Hex(password)
      try {
        const count = await countOf(isUpper ? hash : hash.toLowerCase())
        return count === 0 ? null : { source: 'file', count }
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : 'unknown')
        return 'unavailable'
      }
    },
    reads: () => reads,
    close: () => closeSync(fd),
  }
}
