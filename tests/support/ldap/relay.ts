import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface Relay {
  port: number
  /** `away`: nobody listens; `silent`: connections are taken, and nothing is ever said; `there`: as before. */
  become(state: 'there' | 'silent' | 'away'): Promise<void>
}

/** A port of its own in front of another one on loopback, so that what is behind it can be taken away and come back. */
export const startRelay = async (to: number): Promise<Relay> => {
  const open = new Set<Socket>()
  let isSilent = false
  let server: Server | null = null
  const keep = (socket: Socket): Socket => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    return socket
  }
  const listen = async (port: number): Promise<void> => {
    server = createServer((here) => {
      keep(here)
      if (isSilent) return
      const there = keep(connect({ host: '127.0.0.1', port: to }))
      here.pipe(there).pipe(here)
      here.on('close', () => there.destroy())
      there.on('close', () => here.destroy())
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
  }
  await listen(0)
  const { port } = (server as unknown as Server).address() as AddressInfo
  return {
    port,
    async become(state) {
      for (const socket of open) socket.destroy()
      if (server !== null) await new Promise((resolve) => (server as Server).close(resolve))
      server = null
      isSilent = state === 'silent'
      if (state !== 'away') await listen(port)
    },
  }
}
