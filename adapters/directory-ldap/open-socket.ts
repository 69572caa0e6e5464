import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { GuardedLookup } from '#core/federation/ports.ts'
import { within } from './deadline.ts'
import { DirectoryFault } from './directory-fault.ts'
import type { LdapRefusal } from './refusals.ts'
import type { ServerAddress } from './server-address.ts'
import { askForTls } from './start-tls.ts'

export interface Reach {
  lookup: GuardedLookup
  /** Certificates that are believed, PEM; null: Node's own. */
  authorities: readonly string[] | null
}

type Addresses = readonly { address: string; family: 4 | 6 }[]

/** Firewalls forget a connection that says nothing; this notices, and reminds them. */
const KEEP_ALIVE_MS = 30_000

/** The name is not asked for a second time: a DNS answer that changes between check and use changes nothing. */
const pinnedTo =
  (addresses: Addresses): LookupFunction =>
  (_host, options, answer) => {
    const wanted = addresses.filter(({ family }) => options.family === family || !options.family)
    const [first] = wanted
    if (first === undefined) answer(new Error('no such address'), '', 0)
    else if (options.all) answer(null, [...wanted])
    else answer(null, first.address, first.family)
  }

const isThisMachine = ({ address }: { address: string }): boolean => address === '::1' || /^127\./.test(address)

const codeOf = (error: unknown): string => {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const CERTIFICATE_CODES = /CERT|ALTNAME|ISSUER|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME/

const tlsRefusal = (code: string): LdapRefusal => {
  if (CERTIFICATE_CODES.test(code)) return 'certificate-refused'
  return /^(ECONN|EPIPE|ETIMEDOUT)/.test(code) ? 'connection-lost' : 'tls-failed'
}

const settled = <S extends Socket>(socket: S, event: string, refusalOf: (code: string) => LdapRefusal): Promise<S> =>
  new Promise((resolve, reject) => {
    // Stays: a connection that fails once more later must not end the process.
    socket.on('error', (error) => reject(new DirectoryFault(refusalOf(codeOf(error)), codeOf(error))))
    socket.once('close', () => reject(new DirectoryFault(refusalOf('ECONNRESET'))))
    socket.once(event, () => resolve(socket))
  })

const overTls = (socket: Socket, host: string, authorities: Reach['authorities']): Promise<TLSSocket> => {
  const secure = connectTls({
    socket,
    host,
    // No name is sent for an address (RFC 6066 §3); the certificate then has to name the address.
    ...(isIP(host) === 0 && { servername: host }),
    ...(authorities !== null && { ca: [...authorities] }),
  })
  return settled(secure, 'secureConnect', tlsRefusal)
}

/**
 * A connection to one server, protected as the settings want: to an address that was checked, TLS by the name, and nothing said before
 * it that matters. Ends with the signal. Throws `DirectoryFault`.
 */
export const openSocket = async (
  { host, port, protection }: ServerAddress,
  { lookup, authorities }: Reach,
  signal: AbortSignal,
): Promise<Socket> => {
  const found = await within(signal, lookup(host))
  if (!found.ok) throw new DirectoryFault('address-refused', found.failure.because)
  if (protection === 'none' && !found.value.every(isThisMachine)) throw new DirectoryFault('plain-refused')

  const socket = connect({ host, port, lookup: pinnedTo(found.value), noDelay: true })
  const onAbort = () => socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await settled(socket, 'connect', () => 'not-reached')
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    if (protection === 'none') return socket
    if (protection === 'start-tls') await askForTls(socket)
    return await overTls(socket, host, authorities)
  } catch (error) {
    socket.destroy()
    throw signal.aborted ? new DirectoryFault('too-slow') : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
