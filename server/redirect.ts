import type { ServerResponse } from 'node:http'

/** Sends the browser on. Nobody keeps the answer, and where it leads does not learn the address of a journey. */
export const redirectTo = (res: ServerResponse, status: 302 | 303, location: string): void => {
  res.writeHead(status, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end()
}
