import { createServer, type Server } from 'node:http'
import type { Metrics } from './metrics.ts'

/** Health and metrics, on an address of their own that people do not reach. */
export const opsServer = (metrics: Metrics, isReady: () => Promise<boolean>): Server =>
  createServer((req, res) => {
    const send = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
      res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    if (req.method !== 'GET') return void send(405, 'GET only\n')
    if (req.url === '/livez') return void send(200, 'alive\n')
    if (req.url === '/readyz')
      return void isReady().then((ready) => send(ready ? 200 : 503, ready ? 'ready\n' : 'not ready\n'))
    if (req.url === '/metrics')
      return void metrics.text().then(
        (text) => send(200, text, metrics.contentType),
        () => send(500, 'no metrics\n'),
      )
    send(404, 'not here\n')
  })
