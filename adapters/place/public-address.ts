import type { IpAddress } from '#core/shared/ip-address.ts'
import { networkSet, parseNetwork } from '#core/shared/network-set.ts'

/** Of nowhere in particular (IANA special-purpose registries): private, shared, local, documentation, multicast. */
const NOWHERE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...['::/8', '100::/64', '2001:db8::/32', '3fff::/20', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
]
const nowhere = networkSet(NOWHERE.flatMap((text) => parseNetwork(text) ?? []))

/** Whether an address can be somewhere. */
export const isPublicAddress = (address: IpAddress): boolean => !nowhere.has(address)
