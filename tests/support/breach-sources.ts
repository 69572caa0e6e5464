import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha1Hex } from '#adapters/passwords/sha1.ts'

interface Finishing {
  after(finish: () => void): void
}

export type Leaks = Readonly<Record<string, number>>

/** Lines of the public download format, sorted. */
export const breachLines = (leaks: Leaks): string[] =>
  Object.entries(leaks)
    .map(([password, count]) => `${sha1Hex(password)}:${count}`)
    .sort()

/** A file in a folder of its own, gone when the test is over. */
export const aFileOf = (t: Finishing, content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'breaches-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'hashes.txt')
  writeFileSync(path, content)
  return path
}

export interface RangeServer {
  url: string
  /** Path and headers of every request, in order. */
  requests: { path: string; headers: IncomingMessage['headers'] }[]
  /** Answers like this from now on; null: as the protocol says. */
  answerWith(answer: ((res: ServerResponse) => void) | null): void
}

/** The range service on this machine: answers with suffixes and, where asked for, padding. */
export const aRangeServer = async (t: Finishing, leaks: Leaks): Promise<RangeServer> => {
  const requests: RangeServer['requests'] = []
  let special: ((res: ServerResponse) => void) | null = null
  const server = createServer((req, res) => {
    requests.push({ path: req.url ?? '', headers: req.headers })
    if (special !== null) return special(res)
    const prefix = /^\/mirror\/range\/([0-9A-F]{5})$/.exec(req.url ?? '')?.[1]
    if (prefix === undefined) return void res.writeHead(400).end('The hash prefix was not in a valid format')
    const suffixes = breachLines(leaks)
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.slice(prefix.length))
    const padding = req.headers['add-padding'] === 'true' ? [`${'0123456789ABCDEF'.repeat(3).slice(0, 35)}:0`] : []
    res.writeHead(200, { 'content-type': 'text/plain' }).end([...suffixes, ...padding].sort().join('\r\n'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`
  return { url, requests, answerWith: (answer) => (special = answer) }
}
