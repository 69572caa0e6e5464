import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HeaderBackend {
  port: number
  stop(): Promise<void>
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (headers: IncomingHttpHeaders): string => {
  const identity = headers['x-amzn-oidc-identity']
  return `<!doctype html><html lang="en"><title>Backend</title>
<h1>${identity === undefined ? 'Nobody is signed in' : 'Behind the load balancer'}</h1>
<p><a href="/open/sign-out">Sign out</a></p>
<pre id="headers">${escaped(JSON.stringify(headers, null, 2))}</pre></html>`
}

/**
 * The app behind the load balancer: shows the headers it was handed, and signs people out as AWS tells apps to: every
 * shard of the session cookie expired, then the pool's `/logout`.
 */
export const startHeaderBackend = async ({
  signOutUrl,
}: {
  signOutUrl: (host: string) => string
}): Promise<HeaderBackend> => {
  const server = createServer((req, res) => {
    if (req.url === '/open/sign-out') {
      const shards = [0, 1, 2, 3].map(
        (shard) => `AWSELBAuthSessionCookie-${shard}=; Path=/; Max-Age=-1; Secure; HttpOnly`,
      )
      res.writeHead(302, { 'set-cookie': shards, location: signOutUrl(req.headers.host ?? '') }).end()
      return
    }
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(req.headers))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
