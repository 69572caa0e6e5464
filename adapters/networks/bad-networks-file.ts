import { readFileSync } from 'node:fs'
import type { BadNetworks } from '#core/risk/ports.ts'
import { parseIp } from '#core/shared/ip-address.ts'
import { readNetworkList } from '#core/shared/network-set.ts'

/** Nobody is on it. */
export const noBadNetworks: BadNetworks = { has: () => false }

export interface BadNetworksFile extends BadNetworks {
  size: number
  /** For the log: line numbers alone. */
  unreadableLines: readonly number[]
}

/**
 * The operator's list, one network a line (`#` and `;` start comments), as blocklists are published. Read once, at start; a
 * line that is no network is left out and counted, for one typing error must not take the whole list away. Throws when the
 * file cannot be read.
 */
export const readBadNetworksFile = (path: string): BadNetworksFile => {
  const { networks, unreadableLines } = readNetworkList(readFileSync(path, 'utf8'))
  return { has: (ip) => networks.has(parseIp(ip)), size: networks.size, unreadableLines }
}
