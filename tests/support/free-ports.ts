import { createServer, type Server } from 'node:net'

/** Below what systems hand out by themselves (Linux from 32768): no outgoing connection takes one before its server listens. */
const FIRST = 20_000
const LAST = 32_000

const given = new Set<number>()

const hold = (port: number): Promise<Server | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

/** Ports on loopback that were free a moment ago, all different: for servers that must be told theirs before they start. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports: number[] = []
  while (ports.length < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (given.has(port)) continue
    const holder = await hold(port)
    if (holder === null) continue
    given.add(port)
    ports.push(port)
    await new Promise((resolve) => holder.close(resolve))
  }
  return ports
}
