import { DEVICE_COOKIE_SECONDS } from '#core/factors/index.ts'
import { bestLocale, type Locale } from '#core/shared/locales.ts'
import { deviceCookiePrefix } from '#core/shared/request-context.ts'
import type { Config } from './config.ts'

/** The language somebody chose on a page. */
export const LANGUAGE_COOKIE = 'portico_lang'

/** The language chosen in this browser; null when none was, or it is none of ours. */
export const chosenLocale = (headers: { cookie?: string | undefined }): Locale | null => {
  const chosen = readCookie(headers.cookie, LANGUAGE_COOKIE)
  return chosen === undefined ? null : bestLocale([chosen])
}

/** `Set-Cookie` for the choice: a year, for this pool's pages alone. It says nothing about anybody. */
export const languageCookie = ({ isSecure }: Pick<Config, 'isSecure'>, base: string, locale: Locale): string =>
  `${LANGUAGE_COOKIE}=${locale}; Path=${new URL(base, 'http://pool.invalid').pathname}; Max-Age=31536000; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`

/** `Set-Cookie` of a person's device: this pool's pages alone, for as long as browsers keep a cookie. */
export const deviceCookie = (
  { isSecure }: Pick<Config, 'isSecure'>,
  base: string,
  { name, secret }: { name: string; secret: string },
): string =>
  `${deviceCookiePrefix(isSecure)}${name}=${secret}; Path=${new URL(base, 'http://pool.invalid').pathname}; Max-Age=${DEVICE_COOKIE_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`

/** The identity provider that this browser took last. */
const PROVIDER_COOKIE = 'portico_provider'
const HALF_A_YEAR_SECONDS = 15_552_000

/** Null: none, or nothing that is a name. */
export const lastProvider = (headers: { cookie?: string | undefined }): string | null => {
  const kept = readCookie(headers.cookie, PROVIDER_COOKIE)
  return kept === undefined || !/^[\w-]{1,200}$/.test(kept) ? null : Buffer.from(kept, 'base64url').toString('utf8')
}

/** `Set-Cookie` for the provider: this pool's pages alone. It says where somebody has an account, and not who they are. */
export const providerCookie = ({ isSecure }: Pick<Config, 'isSecure'>, base: string, provider: string): string =>
  `${PROVIDER_COOKIE}=${Buffer.from(provider).toString('base64url')}; Path=${new URL(base, 'http://pool.invalid').pathname}; Max-Age=${HALF_A_YEAR_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`

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
