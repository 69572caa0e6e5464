import { firstBits, type IpAddress, parseIp, widthOf } from './ip-address.ts'

/** Networks, asked for one address at a time. One look-up per length of prefix that occurs, however many networks there are. */
export interface NetworkSet {
  size: number
  has(address: IpAddress | null): boolean
}

interface Network {
  address: IpAddress
  bits: number
}

/** `192.0.2.0/24`, `2001:db8::/32`, or a single address. Null for anything else. */
export const parseNetwork = (text: string): Network | null => {
  const [address, bits, ...rest] = text.trim().split('/')
  const parsed = parseIp(address ?? '')
  if (parsed === null || rest.length > 0) return null
  // An IPv4 network may be written as the IPv6 one that stands for it; its bits then count from the IPv6 end.
  const isMapped = parsed.version === 4 && (address ?? '').includes(':')
  const width = isMapped ? 128 : widthOf(parsed.version)
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return null
  const counted = (bits === undefined ? width : Number(bits)) - (isMapped ? 96 : 0)
  return counted < 0 || counted > widthOf(parsed.version) ? null : { address: parsed, bits: counted }
}

/** Looks an address up once per length of prefix, however many networks there are. */
export const networkSet = (networks: readonly Network[]): NetworkSet => {
  const byLength = { 4: new Map<number, Set<bigint>>(), 6: new Map<number, Set<bigint>>() }
  let size = 0
  for (const { address, bits } of networks) {
    const lengths = byLength[address.version]
    const starts = lengths.get(bits) ?? new Set()
    lengths.set(bits, starts)
    const start = firstBits(address, bits)
    if (!starts.has(start)) size += 1
    starts.add(start)
  }
  return {
    size,
    has(address) {
      if (address === null) return false
      for (const [bits, starts] of byLength[address.version]) if (starts.has(firstBits(address, bits))) return true
      return false
    },
  }
}

export interface NetworkList {
  networks: NetworkSet
  /** Numbers of the lines that could not be read, from 1. */
  unreadableLines: number[]
}

/** A list of networks, one a line; `#` and `;` start a comment, as the published lists write them. */
export const readNetworkList = (text: string): NetworkList => {
  const networks: Network[] = []
  const unreadableLines: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const written = (line.split(/[#;]/)[0] ?? '').trim()
    if (written === '') continue
    const network = parseNetwork(written)
    if (network === null) unreadableLines.push(index + 1)
    else networks.push(network)
  }
  return { networks: networkSet(networks), unreadableLines }
}
