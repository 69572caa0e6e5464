import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Received {
  from: string
  to: string[]
  mail: Email
  isEncrypted: boolean
}

export interface MailServer {
  port: number
  url: string
  /** What was accepted, in order. */
  received: Received[]
  close(): Promise<void>
}

/** What a server says to a recipient or to content: nothing, or a refusal. */
export interface Behaviour {
  onRecipient?: (address: string) => Promise<void> | void
  /** Runs before the content is accepted. */
  beforeAccepting?: (to: string) => Promise<void> | void
  options?: SMTPServerOptions
}

/** A refusal with this reply code. */
export const smtpReply = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })

const settle = (work: () => Promise<void> | void, done: (error?: Error | null) => void): void => {
  Promise.resolve()
    .then(work)
    .then(() => done(), done)
}

/** A real SMTP server on loopback. `received` may be shared by servers that follow one another on a port. */
export const startMailServer = async (
  { onRecipient, beforeAccepting, options }: Behaviour = {},
  { port = 0, received = [] as Received[] } = {},
): Promise<MailServer> => {
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    logger: false,
    ...options,
    onRcptTo: ({ address }, _session, done) => settle(async () => onRecipient?.(address), done),
    onData: (stream, session, done) =>
      settle(async () => {
        const raw = await text(stream)
        const to = session.envelope.rcptTo.map(({ address }) => address)
        await beforeAccepting?.(to[0] ?? '')
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
        received.push({ from, to, mail: await PostalMime.parse(raw), isEncrypted: session.secure })
      }, done),
  })
  server.on('error', () => {}) // connections that a client breaks off
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.server.address() as AddressInfo).port
  return {
    port: bound,
    url: `smtp://127.0.0.1:${bound}`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
