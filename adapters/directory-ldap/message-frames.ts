import { DirectoryFault } from './directory-fault.ts'
import { isResponse } from './response-grammar.ts'

/** Larger than an entry with all its attributes, smaller than what would hurt. */
const MOST_MESSAGE_BYTES = 1024 * 1024
const SEQUENCE = 0x30
/** Tag, length of the length, and four bytes of it. */
const HEADER_BYTES = 6

/** Bytes of the message that begins here; null: too few have come to tell. */
const lengthOf = (bytes: Buffer): number | null => {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return null
  const count = first < 0x80 ? 0 : first & 0x7f
  if (tag !== SEQUENCE || first === 0x80 || count > 4) throw new DirectoryFault('answer-malformed')
  if (bytes.length < 2 + count) return null
  const length = 2 + count + (count === 0 ? first : bytes.readUIntBE(2, count))
  if (length > MOST_MESSAGE_BYTES) throw new DirectoryFault('answer-too-large')
  return length
}

/** Cuts what comes over a connection into whole messages. */
export interface MessageFrames {
  /** The messages that are whole now, in order. Throws `DirectoryFault` for what is no response. */
  take(chunk: Buffer): Buffer[]
  /** Nothing is left over. */
  isEmpty(): boolean
}

/** See `MessageFrames`. Pieces are put together once per message, however small they come. */
export const messageFrames = (): MessageFrames => {
  let chunks: Buffer[] = []
  let size = 0
  let needed: number | null = null

  const next = (): Buffer | null => {
    if (needed === null) {
      if (size < HEADER_BYTES || chunks.length > 1) chunks = [Buffer.concat(chunks)]
      needed = lengthOf(chunks[0] ?? Buffer.alloc(0))
    }
    if (needed === null || size < needed) return null
    const all = Buffer.concat(chunks)
    const message = all.subarray(0, needed)
    chunks = [all.subarray(needed)]
    size -= needed
    needed = null
    if (!isResponse(message)) throw new DirectoryFault('answer-malformed')
    return message
  }

  return {
    take(chunk) {
      chunks.push(chunk)
      size += chunk.length
      const messages: Buffer[] = []
      for (let message = next(); message !== null; message = next()) messages.push(message)
      return messages
    },
    isEmpty: () => size === 0,
  }
}
