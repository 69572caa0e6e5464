import { connect, type Socket } from 'node:net'

export interface Reply {
  status: number
  /** Names in lower case; repeated headers are kept apart. */
  headers: readonly (readonly [string, string])[]
  body: string
}

const HEAD_END = Buffer.from('\r\n\r\n')

export const headerOf = ({ headers }: Reply, name: string): string | undefined =>
  headers.find(([key]) => key === name)?.[1]

const parseHead = (head: string): Omit<Reply, 'body'> => {
  const [start = '', ...lines] = head.split('\r\n')
  return {
    status: Number(start.slice(9, 12)),
    headers: lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  }
}

/** Bytes of a chunked body and where it ends; null while it is incomplete (RFC 9112 §7.1). */
const readChunks = (buffer: Buffer, from: number): { body: string; end: number } | null => {
  const parts: Buffer[] = []
  let at = from
  for (;;) {
    const lineEnd = buffer.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const size = Number.parseInt(buffer.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (buffer.length < next) return null
    if (size === 0) return { body: Buffer.concat(parts).toString('utf8'), end: next }
    parts.push(buffer.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = next
  }
}

const readReply = (buffer: Buffer): { reply: Reply; end: number } | null => {
  const headEnd = buffer.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const head = parseHead(buffer.toString('latin1', 0, headEnd))
  const from = headEnd + HEAD_END.length
  if (head.headers.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked')) {
    const chunks = readChunks(buffer, from)
    return chunks && { reply: { ...head, body: chunks.body }, end: chunks.end }
  }
  const length = Number(head.headers.find(([name]) => name === 'content-length')?.[1] ?? 0)
  if (buffer.length < from + length) return null
  return { reply: { ...head, body: buffer.toString('utf8', from, from + length) }, end: from + length }
}

/**
 * One kept-alive HTTP/1.1 connection with one request on the way at a time: a closed loop.
 *
 * Written on sockets because Node's own client is slower than the servers it would measure here.
 */
export interface Connection {
  send(request: string): Promise<Reply>
  close(): void
}

export const openConnection = ({ hostname, port }: URL): Connection => {
  let waiting: { resolve: (reply: Reply) => void; reject: (reason: Error) => void } | null = null
  let received: Buffer = Buffer.alloc(0)
  let socket: Socket | null = null

  const opened = (): Socket => {
    const fresh = connect({ host: hostname, port: Number(port), noDelay: true })
    fresh.on('data', (part) => {
      received = received.length === 0 ? part : Buffer.concat([received, part])
      const found = readReply(received)
      if (!found) return
      received = received.subarray(found.end)
      const { resolve } = waiting ?? {}
      waiting = null
      // A server that keeps no connection alive is asked again on a new one.
      if (headerOf(found.reply, 'connection')?.toLowerCase() === 'close') socket = null
      resolve?.(found.reply)
    })
    const lost = (reason?: Error) => {
      // A connection given up before says nothing about the one in use.
      if (socket !== fresh) return
      socket = null
      received = Buffer.alloc(0)
      waiting?.reject(reason ?? new Error('The server closed the connection'))
      waiting = null
    }
    fresh.on('error', lost)
    fresh.on('close', () => lost())
    return fresh
  }

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        socket ??= opened()
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket?.destroy(),
  }
}

/** A request as bytes on the wire; `body` is form-encoded. */
export const requestText = (
  method: 'GET' | 'POST',
  url: URL,
  { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: string } = {},
): string => {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined) {
    lines.push('Content-Type: application/x-www-form-urlencoded', `Content-Length: ${Buffer.byteLength(body)}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
