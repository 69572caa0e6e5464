import type { BrowserFacts, RequestContext } from './ports.ts'

/** Headers in which the front door hands on what it found out; whatever a caller sent under these names is gone by then. */
export const REQUEST_ID_HEADER = 'x-portico-request-id'
export const ADDRESS_HEADER = 'x-portico-address'

const one = (value: string | readonly string[] | undefined): string | null => (typeof value === 'string' ? value : null)

/** What stands before a person's part of a device cookie's name. */
export const deviceCookiePrefix = (isSecure: boolean): string => `${isSecure ? '__Secure-' : ''}portico_device_`

/** A browser of many people holds many; nobody needs more looked at. */
const MOST_DEVICES = 20

const deviceSecrets = (cookies: string | null, isSecure: boolean): Record<string, string> => {
  const prefix = deviceCookiePrefix(isSecure)
  const pairs = (cookies ?? '').split(';').map((part) => part.trim().split('=', 2))
  return Object.fromEntries(
    pairs
      .filter(([name = '', value = '']) => name.startsWith(prefix) && /^[\w-]{43}$/.test(value))
      .slice(0, MOST_DEVICES)
      .map(([name = '', value = '']) => [name.slice(prefix.length), value]),
  )
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const browserFacts = (headers: Headers): BrowserFacts => {
  const isSecure = headers['x-forwarded-proto'] === 'https'
  const brands = one(headers['sec-ch-ua'])
  const platform = one(headers['sec-ch-ua-platform'])
  return {
    acceptLanguage: one(headers['accept-language']),
    clientHints: brands === null && platform === null ? null : { brands, platform },
    isSecure,
    deviceSecrets: deviceSecrets(one(headers.cookie), isSecure),
  }
}

/** Who asks, as events, limits, triggers and the judgement of risk need it. */
export const contextOf = (headers: Headers): RequestContext => ({
  requestId: one(headers[REQUEST_ID_HEADER]) ?? '',
  ip: one(headers[ADDRESS_HEADER]),
  userAgent: one(headers['user-agent']),
  browser: browserFacts(headers),
})
