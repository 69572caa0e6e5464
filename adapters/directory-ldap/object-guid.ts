const BYTES = 16

/** MS-DTYP §2.3.4.2: the first three groups are little-endian. Null: not sixteen bytes. */
export const guidText = (bytes: Buffer): string | null => {
  if (bytes.length !== BYTES) return null
  const ordered = Buffer.from(bytes)
  ordered.subarray(0, 4).reverse()
  ordered.subarray(4, 6).reverse()
  ordered.subarray(6, 8).reverse()
  return ordered.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
