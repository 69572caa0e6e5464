import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type { ReadProviderSecret } from '#core/federation/ports.ts'
import type { Clock } from '#core/shared/ports.ts'
import type { Result } from '#core/shared/result.ts'
import { type DirectoryConnection, directoryConnection } from './connection.ts'
import { type ConnectionPool, connectionPool } from './connection-pool.ts'
import { deadline, within } from './deadline.ts'
import { DirectoryFault } from './directory-fault.ts'
import { openSocket, type Reach } from './open-socket.ts'
import { type ServerAddress, serverAddress } from './server-address.ts'

export interface DirectoryServer {
  address: ServerAddress
  /** Bound as the service account, and as nobody else ever; null: the settings have none. */
  service: ConnectionPool<DirectoryConnection> | null
  /** Bound as nobody yet, and closed after one person. */
  fresh: ConnectionPool<DirectoryConnection>
}

/** What one step is given: the server, and how long it may take. */
export interface Attempt {
  server: DirectoryServer
  /** Ends with the whole step. */
  signal: AbortSignal
  /** For what may be asked of the next server instead; ends earlier while there is one. */
  patience: AbortSignal
}

export interface DirectoryServers {
  /**
   * Runs a step on the first server that can be spoken to, within the time of the settings. The next one is tried after a fault of
   * this one, unless a person's password was sent already. A fault becomes a refusal.
   */
  run<T>(step: (attempt: Attempt) => Promise<Result<T>>): Promise<Result<T>>
  all: readonly DirectoryServer[]
  close(): void
}

/** A server that failed is asked last for so long. */
const DEAD_MS = 30_000
const KEEP_MS = 60_000

const serviceSecret = async (read: ReadProviderSecret): Promise<string> => {
  const secret = await read().catch(() => '')
  // An empty one would bind without authentication (RFC 4513 §5.1.2), and everything would seem to be well.
  if (secret === '') throw new DirectoryFault('service-secret-missing')
  return secret
}

/** The servers of one directory, their connections, and which of them failed lately. */
export const directoryServers = (
  settings: LdapProviderSettings,
  { reach, readSecret, clock }: { reach: Reach; readSecret: ReadProviderSecret; clock: Clock },
): DirectoryServers => {
  const { bind, poolSize: size } = settings

  const serverAt = (text: string): DirectoryServer => {
    const address = serverAddress(text, settings)
    const open = async (signal: AbortSignal) => directoryConnection(await openSocket(address, reach, signal))
    const openAsService = async (name: string, signal: AbortSignal) => {
      const password = await within(signal, serviceSecret(readSecret))
      const connection = await open(signal)
      const { code, said } = await connection.bind(name, password, signal)
      if (code === 0) return connection
      connection.close()
      throw new DirectoryFault('service-refused', said)
    }
    return {
      address,
      fresh: connectionPool(open, { size, keepMs: 0 }),
      service:
        bind.mode === 'searchThenBind'
          ? connectionPool((signal) => openAsService(bind.serviceName, signal), {
              size,
              keepMs: KEEP_MS,
            })
          : null,
    }
  }

  const all = settings.servers.map(serverAt)
  const deadUntil = new Map<DirectoryServer, number>()
  const untilOf = (server: DirectoryServer) => deadUntil.get(server) ?? 0

  /** The living in their order, then the dead, who are tried all the same: nothing is worse than no server. */
  const inOrder = (): DirectoryServer[] => {
    const now = clock.now().getTime()
    return all.toSorted((one, other) => {
      const [a, b] = [untilOf(one), untilOf(other)].map((until) => (until > now ? until : 0))
      return (a ?? 0) - (b ?? 0)
    })
  }

  const attemptOn = async <T>(
    server: DirectoryServer,
    whole: AbortSignal,
    isLast: boolean,
    step: (attempt: Attempt) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const patience = isLast ? null : deadline(settings.serverTimeoutMs, whole)
    try {
      const result = await step({ server, signal: whole, patience: patience?.signal ?? whole })
      deadUntil.delete(server)
      return result
    } catch (error) {
      const fault = whole.aborted && !(error instanceof DirectoryFault) ? new DirectoryFault('too-slow') : error
      if (fault instanceof DirectoryFault && fault.isOfOneServer) deadUntil.set(server, clock.now().getTime() + DEAD_MS)
      throw fault
    } finally {
      patience?.stop()
    }
  }

  return {
    all,
    async run(step) {
      const whole = deadline(settings.timeoutMs)
      const candidates = inOrder()
      try {
        for (const [index, server] of candidates.entries()) {
          const isLast = index === candidates.length - 1
          try {
            return await attemptOn(server, whole.signal, isLast, step)
          } catch (fault) {
            if (!(fault instanceof DirectoryFault)) throw fault
            const mayGoOn = fault.isOfOneServer && !fault.isAfterPassword && !whole.signal.aborted
            if (isLast || !mayGoOn) return fault.asResult
          }
        }
        throw new Error('a directory has a server')
      } finally {
        whole.stop()
      }
    },
    close() {
      for (const { service, fresh } of all) {
        service?.close()
        fresh.close()
      }
    },
  }
}
