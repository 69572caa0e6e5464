import { request } from 'node:http'
import { createServer } from 'node:https'

export interface TlsProxy {
  stop(): Promise<void>
}

/** Ends TLS in front of a plain HTTP port on loopback, as a load balancer does: same `Host`, and who asked, by which scheme. */
export const startTlsProxy = async ({
  port,
  upstreamPort,
  certificate,
  key,
}: {
  port: number
  upstreamPort: number
  certificate: Buffer
  key: Buffer
}): Promise<TlsProxy> => {
  const server = createServer({ cert: certificate, key }, (req, res) => {
    const headers = { ...req.headers, 'x-forwarded-for': req.socket.remoteAddress ?? '', 'x-forwarded-proto': 'https' }
    const upstream = request(
      { host: '127.0.0.1', port: upstreamPort, method: req.method, path: req.url, headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(res)
      },
    )
    upstream.on('error', () => {
      if (res.headersSent) res.destroy()
      else res.writeHead(502).end()
    })
    req.pipe(upstream)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
