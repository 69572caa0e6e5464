import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call that an app received. */
export interface Told {
  path: string
  headers: IncomingHttpHeaders
  body: string
  token: string
}

export interface ToldApp {
  /** Where it listens; any path. */
  origin: string
  calls: Told[]
  /** Status of the answers from now on; null: none at all. */
  answer: number | null
  /** Resolves once so many calls came in. */
  have(calls: number): Promise<readonly Told[]>
  /** Cuts the calls that wait for an answer. */
  hangUp(): void
  stop(): Promise<void>
}

/** An app on this machine that is told of sign-outs and answers as a test says. */
export const toldApp = async (): Promise<ToldApp> => {
  let came: () => void = () => {}
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const token = new URLSearchParams(body).get('logout_token') ?? ''
    app.calls.push({ path: req.url ?? '', headers: req.headers, body, token })
    if (app.answer !== null) res.writeHead(app.answer, { location: `${app.origin}/elsewhere` }).end()
    came()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const app: ToldApp = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    answer: 200,
    async have(calls) {
      while (app.calls.length < calls)
        await new Promise<void>((resolve) => {
          came = resolve
        })
      return app.calls
    },
    hangUp: () => server.closeAllConnections(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return app
}
