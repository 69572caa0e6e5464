import { isIP } from 'node:net'

/** First 64 bits of an IPv6 address as written groups; `::` expanded. */
const prefix64 = (address: string): string => {
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? ['', '']
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

/**
 * The network an address is counted under: the address itself for IPv4, the /64 for IPv6, "unknown" for everything that
 * cannot be read — one bucket for all of them, so that an unreadable address is never a pass (attack 10).
 */
export const networkOf = (ip: string | null): string => {
  if (ip === null) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip
  const version = isIP(mapped)
  if (version === 4) return mapped
  if (version === 6) return `${prefix64(mapped)}::/64`
  return 'unknown'
}
