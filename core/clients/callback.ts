import type { ClientSettings } from './client-settings.ts'

/** Scheme and host, port, and the rest of a redirect address on a loopback IP address. */
const LOOPBACK_IP = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::(\d{1,5}))?((?:\/|\?|$).*)$/

/**
 * Whether a person may be sent to this address: character for character one that the client registered.
 *
 * One exception: apps on a person's own machine listen on whatever port is free, so a public client's address on a loopback
 * IP address matches on any port (RFC 8252 §7.3); `localhost`, which may resolve to elsewhere, does not.
 */
export const isRegisteredCallback = (
  { type, callbackUrls }: Pick<ClientSettings, 'type' | 'callbackUrls'>,
  uri: string,
): boolean => {
  if (callbackUrls.includes(uri)) return true
  const asked = type === 'public' ? LOOPBACK_IP.exec(uri) : null
  if (asked === null) return false
  const [, host, port, rest] = asked
  if (Number(port ?? 80) > 65_535) return false
  return callbackUrls.some((registered) => {
    const known = LOOPBACK_IP.exec(registered)
    return known !== null && known[1] === host && known[3] === rest
  })
}
