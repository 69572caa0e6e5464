import { lookup } from 'node:dns/promises'
import type { GuardedLookup } from '#core/federation/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { checkHost, RefusedCall, type ResolveHost } from './check-address.ts'

export const byOperatingSystem: ResolveHost = async (host) => {
  const found = await lookup(host, { all: true })
  return found.map(({ address }) => address)
}

/**
 * For protocols other than HTTP: where a connection to a configured host may go. Decimal, hexadecimal and shortened spellings of IPv4
 * are names here, and whatever a resolver makes of them is checked as any other answer.
 */
export const guardedLookup =
  ({
    allowPrivate = false,
    resolve = byOperatingSystem,
  }: {
    allowPrivate?: boolean
    resolve?: ResolveHost
  } = {}): GuardedLookup =>
  async (host) => {
    try {
      return ok(await checkHost(host, { allowPrivate, resolve }))
    } catch (error) {
      if (!(error instanceof RefusedCall)) throw error
      return fail('upstream-unreachable', { because: error.message })
    }
  }
