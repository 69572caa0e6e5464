import { isIP } from 'node:net'

/** The one spelling of an IPv6 address (RFC 5952 §4), without a zone; the URL parser knows it. */
const canonical = (address: string): string => new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)

/** The IPv4 address that an IPv6 one stands for (RFC 4291 §2.5.5.2), if any. */
const mappedIPv4 = (address: string): string | null => {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? []
  if (high === undefined || low === undefined) return null
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.')
}

/** First 64 bits of a canonical IPv6 address as written groups; `::` expanded. */
const prefix64 = (address: string): string => {
  const [head = '', tail = ''] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}

/**
 * The network an address is counted under: the address itself for IPv4, the /64 for IPv6, "unknown" for everything that
 * cannot be read — one bucket for all of them, so that an unreadable address is never a pass (attack 10).
 */
export const networkOf = (ip: string | null): string => {
  const version = isIP(ip ?? '')
  if (ip === null || version === 0) return 'unknown'
  if (version === 4) return ip
  const address = canonical(ip)
  return mappedIPv4(address) ?? `${prefix64(address)}::/64`
}
