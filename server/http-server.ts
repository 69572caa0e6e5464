import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

/** How long, how large and how much a request may be, in milliseconds, bytes and headers (attack 96). */
export const HTTP_LIMITS = {
  /** Until the headers are complete. */
  headersTimeout: 10_000,
  /** Until the body is complete. */
  requestTimeout: 30_000,
  /** A little longer than proxies keep theirs, so that they close first. */
  keepAliveTimeout: 65_000,
  /** How often the two above are looked at; Node's own half a minute would triple the first. */
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
  maxHeadersCount: 100,
} as const

export type HttpLimits = { readonly [Limit in keyof typeof HTTP_LIMITS]: number }

/**
 * An HTTP server that waits for nobody for ever. Answers 408 to what is too slow and 431 to headers that are too large.
 * Nothing here speaks another protocol: a request to upgrade is answered as any other (RFC 9110 §7.8), since a connection
 * handed over would pass the front door by and be held by no time limit.
 */
export const httpServer = (
  handler: (req: IncomingMessage, res: ServerResponse) => void,
  { maxHeadersCount, ...limits }: HttpLimits = HTTP_LIMITS,
): Server => {
  const server = createServer({ ...limits, shouldUpgradeCallback: () => false }, handler)
  server.maxHeadersCount = maxHeadersCount
  return server
}
