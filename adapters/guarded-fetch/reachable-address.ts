import { type IpAddress, parseIp } from '#core/shared/ip-address.ts'
import { networkSet, parseNetwork } from '#core/shared/network-set.ts'

const networksOf = (texts: readonly string[]) =>
  networkSet(
    texts.map((text) => {
      const network = parseNetwork(text)
      if (network === null) throw new Error(`no network: ${text}`)
      return network
    }),
  )

/**
 * Where clouds tell a machine its own credentials. No deployment has an identity provider there, so no opt-in reaches it.
 * Link-local covers AWS, Azure, Google Cloud and OpenStack; the others are Alibaba, Azure's host agent, Oracle, and AWS over IPv6.
 */
const METADATA = networksOf(['100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'])

/** A deployment's own networks: reached where it opts in. */
const PRIVATE = networksOf([
  ...['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ...['::1', 'fc00::/7'],
])

/** IANA special-purpose registries (RFC 6890): this host, link-local, protocol assignments, documentation, benchmarks, multicast, reserved. */
const SPECIAL = networksOf([
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  // Teredo, benchmarks, ORCHID and documentation lie within the global range; 6to4 leads to any IPv4 address.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
])

/** The only range of IPv6 that is routed in the internet (RFC 4291 §2.4, IANA's global unicast registry). */
const GLOBAL_IPV6 = networksOf(['2000::/3'])

/** Well-known prefix of NAT64 (RFC 6052 §2.1): the last 32 bits are the address that is reached. */
const NAT64 = networksOf(['64:ff9b::/96'])

/** What an address leads to: networks with IPv6 alone reach IPv4 through a translator. */
const behindTranslator = (address: IpAddress): IpAddress =>
  NAT64.has(address) ? { version: 4, value: address.value & 0xffffffffn } : address

/** Why an address may not be called; null: it may. Anything that is not plainly an address of the internet is refused. */
export const whyUnreachable = (text: string, allowPrivate: boolean): string | null => {
  // A zone names an interface of this machine (RFC 4007 §11).
  const parsed = text.includes('%') ? null : parseIp(text)
  if (parsed === null) return 'not an address'
  const address = behindTranslator(parsed)
  if (METADATA.has(address)) return 'an address of cloud metadata'
  if (PRIVATE.has(address)) return allowPrivate ? null : 'a private address'
  if (SPECIAL.has(address)) return 'a reserved address'
  return address.version === 4 || GLOBAL_IPV6.has(address) ? null : 'a reserved address'
}
