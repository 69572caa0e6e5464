import type { Config } from './config.ts'

/** The language somebody chose on a page. */
export const LANGUAGE_COOKIE = 'portico_lang'

/** Binds a journey to the browser that began it. */
export const flowCookieName = ({ isSecure }: Pick<Config, 'isSecure'>): string =>
  `${isSecure ? '__Secure-' : ''}portico_flow`

/** One cookie of a Cookie header (RFC 6265 §5.4); undefined when absent. A malformed header holds no cookies. */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}
