import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Random } from '#core/shared/ports.ts'

/** RFC 9562 §5.7: 48 bits of Unix milliseconds, version, 74 random bits. */
const uuidAt = (at: Date): string => {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(at.getTime(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  text: (length, alphabet) => Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join(''),
  uuid: () => randomUUID(),
  uuidAt,
}
