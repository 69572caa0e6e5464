import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { Config } from './config.ts'

const networksOf = (list: string): BlockList | null => {
  const networks = list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (networks.length === 0) return null
  const block = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) block.addAddress(address, family)
    else block.addSubnet(address, Number(bits), family)
  }
  return block
}

const plain = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

/**
 * The address of the person's machine: the peer's, or — from a trusted proxy — the one that many hops back in
 * `X-Forwarded-For`, counted from the right, because everything further left can be written by anyone. Null when it cannot
 * be read; that is counted as "unknown" and never a pass.
 */
export const clientAddress = (config: Pick<Config, 'TRUSTED_PROXY_HOPS' | 'TRUSTED_PROXY_NETWORKS'>) => {
  const trusted = networksOf(config.TRUSTED_PROXY_NETWORKS)
  return (req: IncomingMessage): string | null => {
    const peer = req.socket.remoteAddress === undefined ? null : plain(req.socket.remoteAddress)
    if (config.TRUSTED_PROXY_HOPS === 0 || peer === null) return peer
    if (trusted !== null && !trusted.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4')) return peer
    const header = req.headers['x-forwarded-for']
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((hop) => hop.trim())
    const address = plain(hops.at(-config.TRUSTED_PROXY_HOPS) ?? '')
    return isIP(address) === 0 ? null : address
  }
}
