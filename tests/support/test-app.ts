import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestApp {
  origin: string
  callback: string
  stop(): Promise<void>
}

const PAGE = `<!doctype html><html lang="en"><head><title>The app</title><link rel="icon" href="data:,"></head>
<body><main><h1>Back at the app</h1></main></body></html>`

/** The app at the end of a journey: any address of it answers with the same page. What came is in the address bar. */
export const startTestApp = async (): Promise<TestApp> => {
  const server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(PAGE)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    callback: `${origin}/callback`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
