/** Pixels of an icon, or the PNG it carries. */
export type IconImage =
  | { kind: 'png'; bytes: Uint8Array }
  | { kind: 'rgba'; width: number; height: number; bytes: Uint8Array }

const PNG = 0x474e5089
/** BITMAPINFOHEADER, and BI_RGB: no compression. */
const HEADER_BYTES = 40
const MAX_ENTRIES = 64
const DEPTHS = [1, 4, 8, 24, 32]

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Rows are stored from the bottom, padded to four bytes. */
const rowBytes = (width: number, depth: number): number => Math.ceil((width * depth) / 32) * 4

/**
 * Decodes an uncompressed bitmap as icons carry it: header, palette, colours, then a mask of one bit per pixel that
 * says what is transparent. Null when the numbers do not fit the bytes.
 */
const readBitmap = (bytes: Uint8Array): IconImage | null => {
  if (bytes.length < HEADER_BYTES) return null
  const data = view(bytes)
  const [header, width, doubled] = [data.getUint32(0, true), data.getInt32(4, true), data.getInt32(8, true)]
  const [depth, compression] = [data.getUint16(14, true), data.getUint32(16, true)]
  // The height counts colours and mask.
  const height = doubled / 2
  if (header !== HEADER_BYTES || compression !== 0 || !DEPTHS.includes(depth)) return null
  if (!Number.isInteger(height) || width < 1 || height < 1 || width > 256 || height > 256) return null

  const declared = data.getUint32(32, true)
  const colours = depth > 8 ? 0 : declared === 0 ? 2 ** depth : declared
  if (colours > 256) return null
  const pixelsAt = HEADER_BYTES + colours * 4
  const maskAt = pixelsAt + rowBytes(width, depth) * height
  const hasMask = bytes.length >= maskAt + rowBytes(width, 1) * height
  if (bytes.length < maskAt || (depth < 32 && !hasMask)) return null

  const rgba = new Uint8Array(width * height * 4)
  let isOpaqueSomewhere = false
  for (let y = 0; y < height; y++) {
    const row = pixelsAt + (height - 1 - y) * rowBytes(width, depth)
    const maskRow = maskAt + (height - 1 - y) * rowBytes(width, 1)
    for (let x = 0; x < width; x++) {
      const out = (y * width + x) * 4
      let from = row + (x * depth) / 8
      if (depth <= 8) {
        const perByte = 8 / depth
        const byte = bytes[row + Math.floor(x / perByte)] ?? 0
        const index = (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1)
        if (index >= colours) return null
        from = HEADER_BYTES + index * 4
      }
      const isClear = hasMask && (((bytes[maskRow + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1
      const alpha = depth === 32 ? (bytes[from + 3] ?? 0) : isClear ? 0 : 255
      if (alpha > 0) isOpaqueSomewhere = true
      rgba.set([bytes[from + 2] ?? 0, bytes[from + 1] ?? 0, bytes[from] ?? 0, alpha], out)
    }
  }
  // Old 32-bit icons leave alpha empty and rely on the mask; without one they are simply opaque.
  if (!isOpaqueSomewhere) for (let at = 3; at < rgba.length; at += 4) rgba[at] = 255
  return { kind: 'rgba', width, height, bytes: rgba }
}

/**
 * The largest image of a Windows icon. Icons are read here because the image library does not know the container.
 * Null when it holds nothing readable.
 */
export const readIco = (bytes: Uint8Array): IconImage | null => {
  if (bytes.length < 6) return null
  const data = view(bytes)
  const count = Math.min(data.getUint16(4, true), MAX_ENTRIES)
  if (bytes.length < 6 + count * 16) return null
  const entries = Array.from({ length: count }, (_, index) => {
    const at = 6 + index * 16
    return {
      // 0 stands for 256.
      width: data.getUint8(at) || 256,
      depth: data.getUint16(at + 6, true),
      size: data.getUint32(at + 8, true),
      offset: data.getUint32(at + 12, true),
    }
  }).sort((a, b) => b.width - a.width || b.depth - a.depth)
  for (const { size, offset } of entries) {
    if (size < 4 || offset + size > bytes.length) continue
    const image = bytes.subarray(offset, offset + size)
    const read: IconImage | null =
      view(image).getUint32(0, true) === PNG ? { kind: 'png', bytes: image } : readBitmap(image)
    if (read) return read
  }
  return null
}
