import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { BerReader, FilterParser } from 'ldapts'
import type { TlsFiles } from '../tls-authority.ts'
import { bindAnswer, entryAnswer, extendedAnswer, modifyAnswer, searchDone, type Values } from './answers.ts'
import { READER, STAFF } from './staff.ts'

export interface Request {
  id: number
  kind: 'bind' | 'search' | 'modify' | 'extended' | 'unbind' | 'other'
  /** Of the bind, or the base of the search. */
  name: string
  password: string
  /** RFC 4515. */
  filter: string
  bytes: Buffer
  connection: number
}

/** Bytes to send, one after the other; nothing at all: the server is silent; `end`: it hangs up. */
export type Answer = readonly Buffer[] | 'end'

export type Answers = Partial<Record<Request['kind'], (request: Request) => Answer>>

export interface LyingDirectory {
  address: string
  requests: Request[]
  /** How many connections came. */
  connections(): number
  /** From now on. */
  answer(answers: Answers): void
  /** Hangs up on everybody. */
  hangUp(): void
  close(): Promise<void>
}

const KINDS: Readonly<Record<number, Request['kind']>> = {
  96: 'bind',
  99: 'search',
  102: 'modify',
  119: 'extended',
  66: 'unbind',
}

const readRequest = (bytes: Buffer, connection: number): Request => {
  const reader = new BerReader(bytes)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  const kind = KINDS[reader.readSequence() ?? 0] ?? 'other'
  const request: Request = { id, kind, name: '', password: '', filter: '', bytes, connection }
  if (kind === 'bind') {
    reader.readInt()
    request.name = reader.readString() ?? ''
    request.password = reader.peek() === 0x80 ? (reader.readString(0x80) ?? '') : 'SASL'
  } else if (kind === 'search') {
    request.name = reader.readString() ?? ''
    for (const read of ['readEnumeration', 'readEnumeration', 'readInt', 'readInt', 'readBoolean'] as const)
      reader[read]()
    request.filter = FilterParser.parse(reader).toString()
  }
  return request
}

const lengthOf = (bytes: Buffer): number => {
  const first = bytes[1] ?? 0
  const count = first < 0x80 ? 0 : first & 0x7f
  return 2 + count + (count === 0 ? first : bytes.readUIntBE(2, count))
}

export const ANN: Values = {
  objectGUID: [Buffer.from([...Array(16).keys()])],
  sAMAccountName: ['ann'],
  userAccountControl: ['512'],
}
/** Who `ANN` is. */
export const ANN_SUBJECT = '03020100-0504-0706-0809-0a0b0c0d0e0f'
export const ANN_NAME = `cn=ann,${STAFF}`

/** Honest where nothing else is said: the service account and `right` are passwords, and every search finds ann. */
const HONEST: Required<Answers> = {
  bind: ({ id, name, password }) => [
    bindAnswer(id, password === (name === READER.name ? READER.password : 'right') ? 0 : 49),
  ],
  search: ({ id }) => [entryAnswer(id, ANN_NAME, ANN), searchDone(id)],
  modify: ({ id }) => [modifyAnswer(id)],
  extended: ({ id }) => [extendedAnswer(id)],
  unbind: () => 'end',
  other: () => 'end',
}

/** An LDAP server, written from the specification, that lies on demand. */
export const startLyingDirectory = async (first: Answers = {}, tls?: TlsFiles): Promise<LyingDirectory> => {
  let answers: Required<Answers> = { ...HONEST, ...first }
  const requests: Request[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  const serve = (socket: Socket) => {
    connections += 1
    const connection = connections
    let pending = Buffer.alloc(0)
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk])
      // TLS where none is spoken: an answer is waited for in vain.
      if (pending[0] !== 0x30) return
      while (pending.length >= 2 && pending.length >= lengthOf(pending)) {
        const request = readRequest(pending.subarray(0, lengthOf(pending)), connection)
        pending = pending.subarray(lengthOf(pending))
        requests.push(request)
        const answer = answers[request.kind](request)
        if (answer === 'end') socket.destroy()
        else for (const bytes of answer) socket.write(bytes)
      }
    })
  }

  const server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }, serve) : createServer(serve)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: tls ? `ldaps://localhost:${port}` : `ldap://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    answer: (more) => {
      answers = { ...HONEST, ...more }
    },
    hangUp: () => {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
