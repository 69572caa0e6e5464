import type { KeyedHash } from '../shared/ports.ts'

/** A browser is known by its cookie for as long as browsers keep one (400 days), renewed at each sign-in. Seconds. */
export const DEVICE_COOKIE_SECONDS = 400 * 86_400

/**
 * What a person's device cookie is called after `portico_device_`: each person of a browser has their own, so that nobody's
 * sign-in takes over a secret that somebody else may have put there. Says nothing about whom it belongs to.
 */
export const deviceCookieKey = (hashes: KeyedHash, poolId: string, sub: string): string =>
  hashes
    .of('device-cookie', `${poolId}|${sub}`)
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 16)

/** Hash under which the cookie's secret is known: bound to pool and person. */
export const deviceTokenHash = (hashes: KeyedHash, poolId: string, sub: string, secret: string): string =>
  hashes.of('device', `${poolId}|${sub}|${secret}`)
