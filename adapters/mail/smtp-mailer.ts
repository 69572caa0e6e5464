import { createTransport, type Transporter } from 'nodemailer'
import type { RenderedEmail } from '#core/messages/message.ts'
import type { Mailer } from '#core/messages/ports.ts'
import { smtpFault } from './smtp-fault.ts'

export interface SmtpMailerOptions {
  /** `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465` (TLS from the start). User and password percent-encoded. */
  url: string
  /** Sender where the pool names none: an address, or `Name <address>`, whose name gives way to the app's. */
  from: string
  /** Refuses a server that offers no encryption, unless it is on this machine. */
  production: boolean
  /** Milliseconds until a connection, its greeting and its TLS handshake have to stand. */
  connectTimeoutMs?: number
  /** Milliseconds for one message from beginning to end. */
  totalTimeoutMs?: number
  /** Certificates to trust beside the system's, PEM. */
  ca?: string
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/

const transportOf = (options: SmtpMailerOptions): Transporter => {
  const { url, production, connectTimeoutMs = 10_000, totalTimeoutMs = 30_000, ca } = options
  const address = URL.canParse(url) ? new URL(url) : null
  if (!address || (address.protocol !== 'smtp:' && address.protocol !== 'smtps:') || address.hostname === '') {
    throw new Error('the address of the mail server must look like smtp://user:password@host:587 or smtps://host:465')
  }
  const secure = address.protocol === 'smtps:'
  const isLocal = LOOPBACK.test(address.hostname)
  return createTransport({
    host: address.hostname.replace(/^\[|\]$/g, ''),
    port: Number(address.port) || (secure ? 465 : 587),
    secure,
    // Without this a man in the middle strips STARTTLS from the greeting and reads the codes.
    requireTLS: !secure && production && !isLocal,
    ...(address.username !== '' && {
      auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) },
    }),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !isLocal, ...(ca !== undefined && { ca }) },
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: totalTimeoutMs,
    // Content comes from us alone; a path or address in it is text and is never read or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

const addressIn = (from: string): string => {
  const address = (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim()
  if (!/^[^\s<>@,;]+@[^\s<>@,;]+$/.test(address))
    throw new Error('the sender of mail must be an address, or Name <address>')
  return address
}

/** Shown inside the HTML and not offered as a file. */
const inline = ({ cid, base64 }: NonNullable<RenderedEmail['picture']>) => ({
  cid,
  filename: 'mark.png',
  content: Buffer.from(base64, 'base64'),
  contentType: 'image/png',
  contentDisposition: 'inline' as const,
})

/**
 * Mail by SMTP. One connection for each message: a deadline can then end it for good, where a message in a pool's queue
 * could still leave after we gave it up and queued it again.
 *
 * The Message-ID comes from the row, the same at every attempt (RFC 5322 §3.6.4). Automatic answers are asked not to come
 * (RFC 3834 §5). Throws `DeliveryError`.
 */
export const smtpMailer = (options: SmtpMailerOptions): Mailer => {
  const transport = transportOf(options)
  const { totalTimeoutMs = 30_000 } = options
  const fallback = addressIn(options.from)

  return {
    async send(message: RenderedEmail, id: string) {
      const from = message.from.address ?? fallback
      try {
        await transport.sendMail({
          signal: AbortSignal.timeout(totalTimeoutMs),
          // Given as parts: what a name contains is never read as an address.
          from: { name: message.from.name, address: from },
          to: { name: '', address: message.to },
          envelope: { from, to: [message.to] },
          messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
          subject: message.subject,
          text: message.text,
          html: message.html,
          ...(message.picture === undefined ? {} : { attachments: [inline(message.picture)] }),
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            'Content-Language': message.locale,
          },
          xMailer: false,
        })
      } catch (error) {
        throw smtpFault(error)
      }
    },
  }
}
