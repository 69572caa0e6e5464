import type { RequestContext } from './ports.ts'

/** Headers in which the front door hands on what it found out; whatever a caller sent under these names is gone by then. */
export const REQUEST_ID_HEADER = 'x-portico-request-id'
export const ADDRESS_HEADER = 'x-portico-address'

const one = (value: string | readonly string[] | undefined): string | null => (typeof value === 'string' ? value : null)

/** Who asks, as events, limits and triggers need it. */
export const contextOf = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): RequestContext => ({
  requestId: one(headers[REQUEST_ID_HEADER]) ?? '',
  ip: one(headers[ADDRESS_HEADER]),
  userAgent: one(headers['user-agent']),
})
