import { isIP } from 'node:net'

/** An address as the number it is. IPv6 addresses that stand for an IPv4 one (RFC 4291 §2.5.5.2) are that one. */
export interface IpAddress {
  version: 4 | 6
  value: bigint
}

/** Bits of an address. */
export const widthOf = (version: 4 | 6): number => (version === 4 ? 32 : 128)

const MAPPED_IPV4 = 0xffffn

const valueOfIPv4 = (text: string): bigint =>
  text.split('.').reduce((value, part) => (value << 8n) | BigInt(Number(part)), 0n)

const groupsOf = (part: string): string[] => {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [group]
    const low = valueOfIPv4(group)
    return [(low >> 16n).toString(16), (low & 0xffffn).toString(16)]
  })
}

const valueOfIPv6 = (text: string): bigint => {
  const [head = '', tail = ''] = text.split('::')
  const [left, right] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

/** Null for everything that is not an address: names, ports, lists, empty text. */
export const parseIp = (text: string | null): IpAddress | null => {
  const version = isIP(text ?? '')
  if (text === null || version === 0) return null
  if (version === 4) return { version: 4, value: valueOfIPv4(text) }
  const value = valueOfIPv6(text.split('%')[0] ?? '')
  return value >> 32n === MAPPED_IPV4 ? { version: 4, value: value & 0xffffffffn } : { version: 6, value }
}

/** The first bits of an address as a number. */
export const firstBits = ({ version, value }: IpAddress, bits: number): bigint =>
  value >> BigInt(widthOf(version) - bits)

/** `203.0.113.0/24`, `2001:db8:1:0:0:0:0:0/48`: one spelling for every address of the network. */
export const networkText = (address: IpAddress, bits: number): string => {
  const width = widthOf(address.version)
  const size = address.version === 4 ? 8 : 16
  const start = firstBits(address, bits) << BigInt(width - bits)
  const groups = Array.from({ length: width / size }, (_, index) => {
    const group = (start >> BigInt(width - size * (index + 1))) & ((1n << BigInt(size)) - 1n)
    return group.toString(address.version === 4 ? 10 : 16)
  })
  return `${groups.join(address.version === 4 ? '.' : ':')}/${bits}`
}
