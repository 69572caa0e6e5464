import * as http from 'node:http'
import * as https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { GuardedRequest } from '#core/federation/ports.ts'
import { type CheckedTarget, RefusedCall } from './check-address.ts'

export interface Answer {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

export interface SendLimits {
  maxBytes: number
  signal: AbortSignal
  /** Further certificate authorities, PEM; null: those of Node alone. */
  authorities: readonly string[] | null
}

/** The name is not asked for a second time: a DNS answer that changes between check and use changes nothing. */
const pinnedTo =
  ({ addresses }: CheckedTarget): LookupFunction =>
  (_host, options, answer) => {
    const wanted = addresses.filter(({ family }) => options.family === family || !options.family)
    const [first] = wanted
    if (first === undefined) answer(new RefusedCall('the host name has no such address'), '', 0)
    else if (options.all) answer(null, [...wanted])
    else answer(null, first.address, first.family)
  }

/** Of the connection, which is ours: a caller's `Host` would undo what was checked, and the others would shift where a message ends. */
const OURS: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect', 'keep-alive'],
  ...['accept-encoding', 'proxy-authorization', 'proxy-connection'],
])

const withoutOurs = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      OURS.has(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]],
    ),
  )

const headersOf = (received: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(received).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

/** The body as text, read no further than it may go. */
const readBody = async (response: http.IncomingMessage, maxBytes: number): Promise<string> => {
  // Nothing compressed was asked for; what is compressed all the same may be a bomb.
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new RefusedCall('the answer is compressed')
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw new RefusedCall('the answer is too long')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new RefusedCall('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * One request over one connection of its own, to one of the checked addresses; TLS and `Host` keep the name. An agent made here
 * knows no proxy and keeps no connection.
 */
export const sendRequest = async (
  target: CheckedTarget,
  { method = 'GET', headers = {}, body }: GuardedRequest,
  { maxBytes, signal, authorities }: SendLimits,
): Promise<Answer> => {
  const { url } = target
  const isSecure = url.protocol === 'https:'
  const agent = isSecure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false })
  const options: https.RequestOptions = {
    method,
    agent,
    signal,
    lookup: pinnedTo(target),
    headers: {
      'user-agent': 'Portico',
      ...withoutOurs(headers),
      'accept-encoding': 'identity',
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    },
    ...(authorities !== null && { ca: [...authorities] }),
  }
  let request: http.ClientRequest | null = null
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request = (isSecure ? https : http).request(url, options, resolve)
      // Stays: a connection that fails once more after its answer must not end the process.
      request.on('error', reject)
      request.end(body)
    })
    const text = await readBody(response, maxBytes)
    return { status: response.statusCode ?? 0, headers: headersOf(response.headers), body: text }
  } finally {
    ;(request as http.ClientRequest | null)?.destroy()
    agent.destroy()
  }
}
