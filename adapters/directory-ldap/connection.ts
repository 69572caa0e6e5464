import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import {
  type Change,
  Client,
  type Control,
  type Entry,
  type Filter,
  PasswordPolicyControl,
  SASL_MECHANISMS,
} from 'ldapts'
import { CheckedSocket } from './checked-socket.ts'
import { within } from './deadline.ts'
import { DirectoryFault, faultOfResult, resultCodeOf } from './directory-fault.ts'

/** How the directory answered a request that may be refused. */
export interface Outcome {
  /** RFC 4511 Appendix A; 0: success. */
  code: number
  /** The server's own words. */
  said: string
  /** `error` of the password policy response (draft-behera-ldap-password-policy-10 §6.2); null: none. */
  policyError: number | null
}

export interface Search {
  base: string
  scope: 'base' | 'sub'
  filter: Filter
  attributes: readonly string[]
  /** Entries; the server stops there. */
  sizeLimit?: number
}

/** One connection. Every call ends with the signal, throws `DirectoryFault`, and is made after the one before has ended. */
export interface DirectoryConnection {
  /** Of the connection itself; null: it has no TLS. */
  tls: { version: string; certificateUntil: string } | null
  bind(name: string, password: string, signal: AbortSignal): Promise<Outcome>
  search(search: Search, signal: AbortSignal): Promise<Entry[]>
  /** The same by pages (RFC 2696). */
  pages(search: Search, pageSize: number, signal: AbortSignal): AsyncGenerator<Entry[]>
  modify(name: string, changes: Change[], signal: AbortSignal): Promise<Outcome>
  extended(oid: string, value: Buffer, signal: AbortSignal): Promise<Outcome>
  isUsable(): boolean
  close(): void
}

/** For an unbind to be on its way. */
const CLOSE_MS = 1000

/** Rendered by us: a library's guess at what is text would differ from value to value. */
const BINARY_ATTRIBUTES = ['objectGUID']

const isNoName = (name: string): boolean => name === '' || (SASL_MECHANISMS as readonly string[]).includes(name)

const tlsOf = (socket: Socket): DirectoryConnection['tls'] =>
  socket instanceof TLSSocket
    ? {
        version: socket.getProtocol() ?? 'TLS',
        certificateUntil: new Date(socket.getPeerCertificate().valid_to).toISOString().slice(0, 10),
      }
    : null

/**
 * One conversation over a connection that is open and protected already. It is never opened anew behind our back: the library would do
 * so without TLS.
 */
export const directoryConnection = (socket: Socket): DirectoryConnection => {
  const checked = new CheckedSocket(socket)
  let isHandedOut = false
  const client = new Client({
    url: 'ldap://localhost',
    createConnection: () => {
      if (isHandedOut) throw new DirectoryFault('connection-lost')
      isHandedOut = true
      return checked as unknown as Socket // a stream with all that the library uses of a socket
    },
  })

  const faultOf = (error: unknown): DirectoryFault => {
    if (error instanceof DirectoryFault) return error
    if (checked.fault !== null) return checked.fault
    const code = resultCodeOf(error)
    if (code !== null) return faultOfResult(code)
    return new DirectoryFault(checked.destroyed ? 'connection-lost' : 'answer-malformed')
  }

  /** After a fault nobody knows what the next answer belongs to. */
  const attempt = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      if (checked.destroyed) throw new DirectoryFault('connection-lost')
      return await within(signal, work())
    } catch (error) {
      const fault = faultOf(error)
      if (resultCodeOf(error) === null) checked.destroy()
      throw fault
    }
  }

  const outcomeOf = (signal: AbortSignal, request: (controls: Control[]) => Promise<unknown>): Promise<Outcome> => {
    const policy = new PasswordPolicyControl()
    const answer = (code: number, said: string): Outcome => ({ code, said, policyError: policy.value?.error ?? null })
    return attempt(signal, async () => {
      try {
        await request([policy])
        return answer(0, '')
      } catch (error) {
        const code = resultCodeOf(error)
        if (code === null) throw error
        return answer(code, (error as Error).message)
      }
    })
  }

  const optionsOf = ({ scope, filter, attributes, sizeLimit }: Search) => ({
    scope,
    filter,
    derefAliases: 'never' as const,
    // RFC 4511 §4.5.1.8: an empty list would mean every attribute.
    attributes: attributes.length === 0 ? ['1.1'] : [...attributes],
    explicitBufferAttributes: BINARY_ATTRIBUTES,
    ...(sizeLimit !== undefined && { sizeLimit }),
  })

  return {
    tls: tlsOf(socket),
    async bind(name, password, signal) {
      // RFC 4513 §5.1.2: a bind without a password succeeds, and proves nothing.
      if (password === '' || isNoName(name)) throw new Error('a bind needs a name and a password')
      return outcomeOf(signal, (controls) => client.bind(name, password, controls))
    },
    search: (search, signal) =>
      attempt(signal, async () => (await client.search(search.base, optionsOf(search))).searchEntries),
    async *pages(search, pageSize, signal) {
      const pages = client.searchPaginated(search.base, { ...optionsOf(search), paged: { pageSize } })
      for (;;) {
        const page = await attempt(signal, () => pages.next())
        if (page.done) return
        yield page.value.searchEntries
      }
    },
    modify: (name, changes, signal) => outcomeOf(signal, (controls) => client.modify(name, changes, controls)),
    extended: (oid, value, signal) => outcomeOf(signal, (controls) => client.exop(oid, value, controls)),
    isUsable: () => !checked.destroyed,
    close() {
      // RFC 4511 §4.3: said, and not waited for.
      void client.unbind().catch(() => {})
      checked.end()
      setTimeout(() => checked.destroy(), CLOSE_MS).unref()
    },
  }
}
