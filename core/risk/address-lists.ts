import { parseIp } from '#core/shared/ip-address.ts'
import { type NetworkSet, networkSet, parseNetwork } from '#core/shared/network-set.ts'
import type { RiskSettings } from './risk-settings.ts'

/** Lists are parsed once for as long as the settings they belong to are in use. */
const parsed = new WeakMap<readonly string[], NetworkSet>()

const setOf = (list: readonly string[]): NetworkSet => {
  const known = parsed.get(list)
  if (known !== undefined) return known
  const set = networkSet(list.flatMap((text) => parseNetwork(text) ?? []))
  parsed.set(list, set)
  return set
}

/** What the pool's lists say of an address. Denied wins where it is on both; an unreadable address is on neither. */
export const exceptionFor = (
  { deniedNetworks, allowedNetworks }: Pick<RiskSettings, 'deniedNetworks' | 'allowedNetworks'>,
  ip: string | null,
): 'denied' | 'allowed' | null => {
  if (deniedNetworks.length === 0 && allowedNetworks.length === 0) return null
  const address = parseIp(ip)
  if (setOf(deniedNetworks).has(address)) return 'denied'
  return setOf(allowedNetworks).has(address) ? 'allowed' : null
}
