import type { PoolSettings } from '../pools/pool-settings.ts'

/** The longest of the beginnings that fit; 0: none does. */
const fit = (prefixes: readonly string[], number: string): number =>
  Math.max(0, ...prefixes.filter((prefix) => number.startsWith(prefix)).map(({ length }) => length))

/**
 * Whether the pool sends SMS to a number (E.164). The longest beginning that fits decides, and of two as long the refusal:
 * `+1` may be allowed without `+1900`, and `+44` refused but for `+447`.
 */
export const maySendSms = (
  { sms: { allowedPrefixes, blockedPrefixes } }: Pick<PoolSettings, 'sms'>,
  number: string,
) => {
  const allowed = fit(allowedPrefixes, number)
  const blocked = fit(blockedPrefixes, number)
  return blocked === 0 ? allowed > 0 || allowedPrefixes.length === 0 : allowed > blocked
}
