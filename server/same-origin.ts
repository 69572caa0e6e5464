import type { IncomingHttpHeaders } from 'node:http'

/** Whether a post says it comes from our own pages (Fetch Metadata §2.4; older browsers: Origin). */
export const isSameOrigin = (headers: IncomingHttpHeaders, publicOrigin: string): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || headers.origin === publicOrigin
}
