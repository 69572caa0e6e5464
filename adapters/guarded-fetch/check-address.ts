import { isIP } from 'node:net'
import { whyUnreachable } from './reachable-address.ts'

/** All addresses of a host name. Throws when there is none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>

export interface CheckedTarget {
  url: URL
  /** Never empty; every one was checked. */
  addresses: readonly { address: string; family: 4 | 6 }[]
}

export interface AddressRules {
  allowPrivate: boolean
  allowHttp: boolean
  resolve: ResolveHost
}

/** More than any honest name has. */
const MOST_ADDRESSES = 64

/** A call that is refused before anything is sent; its message is the reason. */
export class RefusedCall extends Error {}

const parseTarget = (text: string, allowHttp: boolean): URL => {
  const url = URL.parse(text)
  if (url === null) throw new RefusedCall('the address cannot be read')
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:'))
    throw new RefusedCall('the address is not https')
  if (url.username !== '' || url.password !== '') throw new RefusedCall('the address carries credentials')
  return url
}

const resolved = async (host: string, resolve: ResolveHost): Promise<readonly string[]> => {
  try {
    return await resolve(host)
  } catch {
    throw new RefusedCall('the host name has no address')
  }
}

/**
 * Resolves a host, once. One address that is not allowed refuses the name: a name that answers with a public and a private address is
 * an attempt, and which one would be used is luck. Throws `RefusedCall`.
 */
export const checkHost = async (
  host: string,
  { allowPrivate, resolve }: Pick<AddressRules, 'allowPrivate' | 'resolve'>,
): Promise<CheckedTarget['addresses']> => {
  const found = isIP(host) === 0 ? await resolved(host, resolve) : [host]
  if (found.length === 0) throw new RefusedCall('the host name has no address')
  if (found.length > MOST_ADDRESSES) throw new RefusedCall('the host name has too many addresses')
  return found.map((address) => {
    const reason = whyUnreachable(address, allowPrivate)
    if (reason !== null) throw new RefusedCall(`the host leads to ${reason}`)
    return { address, family: isIP(address) === 6 ? (6 as const) : (4 as const) }
  })
}

/**
 * Reads an address and checks its host. The URL parser has already turned decimal, octal, hexadecimal and shortened spellings of
 * IPv4 into the one that is checked. Throws `RefusedCall`.
 */
export const checkTarget = async (text: string, rules: AddressRules): Promise<CheckedTarget> => {
  const url = parseTarget(text, rules.allowHttp)
  return { url, addresses: await checkHost(url.hostname.replace(/^\[|\]$/g, ''), rules) }
}
