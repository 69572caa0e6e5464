import type { BrowserContext, Request } from '@playwright/test'

/** What no page of a journey may do, noted as it happens. */
export interface Watch {
  complaints: readonly string[]
}

/** A document may answer 4xx, and says so in the console; everything else in the console is a complaint. */
const isAboutStatus = (text: string): boolean => text.startsWith('Failed to load resource')

const originOf = (url: string | undefined): string => URL.parse(url ?? '')?.origin ?? ''

/**
 * Watches all pages of a browser context: no broken rule of a Content-Security-Policy and no error in the console, no request
 * to anybody else, no framework script, no missing part.
 *
 * `others` are origins that a person may be led to, as to an identity provider: by going there, never for a part of a page of
 * ours. What their own pages do is not ours to judge.
 */
export const watch = (context: BrowserContext, ours: readonly string[], others: readonly string[] = []): Watch => {
  const complaints: string[] = []
  const isTheirs = (request: Request): boolean =>
    others.includes(originOf(request.url())) &&
    (request.isNavigationRequest() || others.includes(originOf(request.frame().url())))
  context.on('console', (line) => {
    const text = line.text()
    if (others.includes(originOf(line.location().url || line.page()?.url()))) return
    if (line.type() === 'error' && !isAboutStatus(text)) complaints.push(`console at ${line.page()?.url()}: ${text}`)
  })
  context.on('weberror', (error) => complaints.push(`script failed: ${error.error().message}`))
  context.on('request', (request) => {
    const { origin, protocol, pathname } = new URL(request.url())
    if (protocol === 'data:' || isTheirs(request)) return
    if (!ours.includes(origin)) complaints.push(`request to ${origin}`)
    if (pathname.includes('/_next/')) complaints.push(`framework file ${pathname}`)
  })
  context.on('response', (response) => {
    const isPart = !response.request().isNavigationRequest() && !isTheirs(response.request())
    if (isPart && response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`)
  })
  return { complaints }
}
