import { type AddressInfo, createServer } from 'node:net'

/** Ports on loopback that were free a moment ago, all different: for servers that must be told theirs before they start. */
export const freePorts = async (count: number): Promise<number[]> => {
  const holders = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer()
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = holders.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(holders.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
