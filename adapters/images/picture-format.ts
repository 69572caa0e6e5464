export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'ico' | 'svg'

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  bytes.length >= at + signature.length && signature.every((byte, offset) => bytes[at + offset] === byte)

/**
 * What the bytes are, by what they begin with: names and declared types are the sender's claims. Only formats told
 * apart here ever reach a decoder, so those of its decoders that nobody needs cannot be aimed at.
 */
export const pictureFormat = (bytes: Uint8Array): PictureFormat | null => {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8)) return 'webp'
  if (startsWith(bytes, [0x47, 0x49, 0x46, 0x38])) return 'gif'
  if (startsWith(bytes, [0, 0, 1, 0])) return 'ico'
  const text = Buffer.from(bytes.subarray(0, 1024)).toString('utf8').toLowerCase()
  return text.includes('<svg') || text.trimStart().startsWith('<?xml') ? 'svg' : null
}
