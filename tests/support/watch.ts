import type { BrowserContext } from '@playwright/test'

/** What no page of a journey may do, noted as it happens. */
export interface Watch {
  complaints: readonly string[]
}

/** A document may answer 4xx, and says so in the console; everything else in the console is a complaint. */
const isAboutStatus = (text: string): boolean => text.startsWith('Failed to load resource')

/**
 * Watches all pages of a browser context: no broken rule of a Content-Security-Policy and no error in the console, no request
 * to anybody else, no framework script, no missing part.
 */
export const watch = (context: BrowserContext, ours: readonly string[]): Watch => {
  const complaints: string[] = []
  context.on('console', (line) => {
    const text = line.text()
    if (line.type() === 'error' && !isAboutStatus(text)) complaints.push(`console at ${line.page()?.url()}: ${text}`)
  })
  context.on('weberror', (error) => complaints.push(`script failed: ${error.error().message}`))
  context.on('request', (request) => {
    const { origin, protocol, pathname } = new URL(request.url())
    if (protocol === 'data:') return
    if (!ours.includes(origin)) complaints.push(`request to ${origin}`)
    if (pathname.includes('/_next/')) complaints.push(`framework file ${pathname}`)
  })
  context.on('response', (response) => {
    const isPart = !response.request().isNavigationRequest()
    if (isPart && response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`)
  })
  return { complaints }
}
