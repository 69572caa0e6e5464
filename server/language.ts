import type { IncomingMessage, ServerResponse } from 'node:http'
import { bestLocale } from '#core/shared/locales.ts'
import type { Config } from './config.ts'
import { languageCookie } from './cookies.ts'
import { formFields, readForm } from './form-body.ts'
import { locate, type Place } from './locate.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import { isSameOrigin } from './same-origin.ts'

/** Printable ASCII, from the root: what a Location header may hold as it is. */
const ADDRESS = /^\/[!-~]{0,16384}$/

/** Pages that are drawn outside a journey; the pages of a journey keep the choice in the journey. */
const PAGES: ReadonlySet<Place['kind']> = new Set([
  'oidc',
  'account',
  'alias',
  'link',
  'recovery-link',
  'question-link',
  'sign-in-link',
  'flow',
  'flow-complete',
  'logout',
  'nowhere',
])

/** Where the language switch of this request's page comes back to; null where the page cannot be asked for again. */
export const addressOfPage = (req: IncomingMessage): string | null => {
  // The protocol library was handed an address relative to its mount.
  const address = (req as IncomingMessage & { originalUrl?: string }).originalUrl ?? req.url ?? ''
  return (req.method === 'GET' || req.method === 'HEAD') && ADDRESS.test(address) ? address : null
}

/** The address without what would outweigh the choice made just now: `lang` and `ui_locales` of the app's request. */
const withoutAskedLanguage = (address: string): string => {
  const [path = '', query] = address.split(/\?(.*)/s, 2)
  const kept = (query ?? '').split('&').filter((part) => {
    const [name] = new URLSearchParams(part).keys()
    return name !== 'lang' && name !== 'ui_locales' && part !== ''
  })
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}

/**
 * `POST /{pool}/language`: keeps the language chosen in the footer of a page outside a journey, and shows that page again.
 * Leads nowhere but to a page of the same pool, as our own map of addresses reads it. Says whether the form was one of ours;
 * answers the request only if it was.
 */
export const chooseLanguage =
  (config: Config) =>
  async ({ base, pool }: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    const body = await readForm(req)
    if (!body.ok || !isSameOrigin(req.headers, config.PUBLIC_ORIGIN)) return false
    const { lang, back } = formFields(body.text)
    const locale = typeof lang === 'string' ? bestLocale([lang]) : null
    if (locale === null || typeof back !== 'string' || !ADDRESS.test(back)) return false
    const place = locate(back)
    if (!PAGES.has(place.kind) || !('poolId' in place) || place.poolId !== pool.id) return false
    const headers = { 'set-cookie': languageCookie(config, base, locale), 'cache-control': 'no-store' }
    res.writeHead(303, { ...headers, location: withoutAskedLanguage(back) }).end()
    return true
  }
