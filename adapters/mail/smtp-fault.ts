import { DeliveryError, type DeliveryFault } from '#core/shared/delivery-error.ts'

/** What nodemailer says of an error. */
interface SmtpError extends Error {
  code?: string
  originalCode?: string
  timeoutType?: string
  responseCode?: number
  command?: string
  response?: string
}

/** A connection that stood and broke. Other errors of a socket come before: nobody listens, no way there, a bad certificate. */
const BROKEN_OFF = new Set(['', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'])
/** Before the first word about the message was said. */
const BEFORE_THE_MESSAGE = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EOAUTH2', 'EPROXY'])
const GREETING = new Set(['EHLO', 'HELO', 'STARTTLS'])
const SETUP_TIMEOUTS = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'])

/**
 * Only what happens before the envelope is the transport's fault: it cannot have to do with the message, so that waiting
 * with one message loses nothing for the others. A refused sender is not permanent: the pool's setting may be mended before
 * the message expires. Replies: RFC 5321 §4.2.1 and §4.2.2 (421: the service closes).
 */
const faultOf = (error: SmtpError): DeliveryFault => {
  const { code = '', originalCode = '', timeoutType = '', responseCode = 0, command = '' } = error
  if (BEFORE_THE_MESSAGE.has(code) || (code === 'ESOCKET' && !BROKEN_OFF.has(originalCode))) return 'transport'
  if (SETUP_TIMEOUTS.has(timeoutType) || GREETING.has(command) || responseCode === 421) return 'transport'
  if (code === 'EPROTOCOL' && command === 'CONN') return 'transport'
  const isOfRecipientOrContent = command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE'
  return responseCode >= 500 && isOfRecipientOrContent ? 'permanent' : 'message'
}

export const smtpFault = (thrown: unknown): DeliveryError => {
  const error: SmtpError = thrown instanceof Error ? thrown : new Error(String(thrown))
  const words = error.response ?? error.message
  return new DeliveryError(faultOf(error), `smtp ${error.command ?? error.code ?? error.name}: ${words}`, {
    cause: error,
  })
}
