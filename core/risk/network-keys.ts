import { networkText, parseIp } from '#core/shared/ip-address.ts'

/** An address as sign-ins know it: never the address itself, which changes by the day and is nobody's business. */
export interface NetworkKeys {
  /** What one line, building or VPN exit usually keeps: /24, or /48 in IPv6. */
  near: string
  /** What one provider hands out to a region: /16, or /32 in IPv6. */
  wide: string
}

/** Null when the address cannot be read. */
export const networkKeysOf = (ip: string | null): NetworkKeys | null => {
  const address = parseIp(ip)
  if (address === null) return null
  const [near, wide] = address.version === 4 ? [24, 16] : [48, 32]
  return { near: networkText(address, near), wide: networkText(address, wide) }
}

/**
 * What failures are counted under: the address in IPv4, the /48 in IPv6 (whoever has one has all its /64s).
 * "unknown" for every address that cannot be read: one count for all of them.
 */
export const countedNetworkOf = (ip: string | null): string => {
  const address = parseIp(ip)
  return address === null ? 'unknown' : networkText(address, address.version === 4 ? 32 : 48)
}
