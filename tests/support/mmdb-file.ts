/**
 * Writes a small file of MaxMind's DB format, version 2.0: 24-bit records, one data section without pointers. Enough for a
 * handful of networks, which is what tests need.
 */
interface Entry {
  /** Bits of the network from the first on: `[1, 0, 1]`. */
  bits: readonly number[]
  record: unknown
}

const control = (type: number, size: number): Buffer => {
  const [length, more] =
    size < 29 ? [size, []] : size < 285 ? [29, [size - 29]] : [30, [(size - 285) >> 8, (size - 285) & 255]]
  return type < 8 ? Buffer.from([(type << 5) | length, ...more]) : Buffer.from([length, type - 7, ...more])
}

const encode = (value: unknown): Buffer => {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8')
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value)
    return Buffer.concat([control(3, 8), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)])
  const entries = Object.entries(value as object)
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, each]) => [encode(key), encode(each)])])
}

type Node = [left: Node | number | null, right: Node | number | null]

export const bitsOf = (bytes: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, index) => ((bytes[index >> 3] ?? 0) >> (7 - (index % 8))) & 1)

export const mmdbFile = (ipVersion: 4 | 6, entries: readonly Entry[]): Buffer => {
  const data: Buffer[] = []
  const root: Node = [null, null]
  let offset = 0
  for (const { bits, record } of entries) {
    let node = root
    for (const bit of bits.slice(0, -1)) {
      const next = node[bit === 1 ? 1 : 0]
      const child: Node = Array.isArray(next) ? next : [null, null]
      node[bit === 1 ? 1 : 0] = child
      node = child
    }
    node[bits.at(-1) === 1 ? 1 : 0] = offset
    const encoded = encode(record)
    data.push(encoded)
    offset += encoded.length
  }
  const nodes: Node[] = []
  const number = (node: Node): void => {
    nodes.push(node)
    for (const child of node) if (Array.isArray(child)) number(child)
  }
  number(root)
  const tree = Buffer.alloc(nodes.length * 6)
  for (const [index, node] of nodes.entries())
    for (const [side, child] of node.entries()) {
      const pointer =
        child === null ? nodes.length : Array.isArray(child) ? nodes.indexOf(child) : nodes.length + 16 + child
      tree.writeUIntBE(pointer, index * 6 + side * 3, 3)
    }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_900_000_000,
    database_type: 'Test-City',
    description: { en: 'made by a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  })
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('abcdef', 'hex'),
    Buffer.from('MaxMind.com'),
    metadata,
  ])
}
