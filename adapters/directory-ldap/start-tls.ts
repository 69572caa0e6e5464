import type { Socket } from 'node:net'
import { BerReader, ExtendedRequest, ExtendedResponse } from 'ldapts'
import { DirectoryFault } from './directory-fault.ts'
import { messageFrames } from './message-frames.ts'

const START_TLS = '1.3.6.1.4.1.1466.20037'
const MESSAGE_ID = 1
const EXTENDED_RESPONSE = 0x78

const isAgreement = (message: Buffer): boolean => {
  const reader = new BerReader(message)
  reader.readSequence()
  if (reader.readInt() !== MESSAGE_ID || reader.readSequence() !== EXTENDED_RESPONSE) return false
  const response = new ExtendedResponse({ messageId: MESSAGE_ID })
  response.parse(reader, [])
  return response.status === 0
}

/**
 * Asks for TLS on a connection that has none (RFC 4511 §4.14) and waits for the server's agreement. Afterwards nothing that came
 * before TLS is left: bytes beyond the agreement would be read as if the server had sent them within it, so they end the attempt.
 * The library's own StartTLS keeps such bytes, which is why it is not used. Throws `DirectoryFault`.
 */
export const askForTls = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    const frames = messageFrames()
    const leave = (end: () => void) => {
      socket.removeAllListeners('data')
      socket.off('close', onClose)
      socket.pause()
      end()
    }
    const onClose = () => leave(() => reject(new DirectoryFault('starttls-refused', 'the connection was closed')))
    socket.once('close', onClose)
    socket.on('data', (chunk: Buffer) => {
      try {
        const [message, ...more] = frames.take(chunk)
        if (message === undefined) return
        if (!isAgreement(message)) throw new DirectoryFault('starttls-refused')
        if (more.length > 0 || !frames.isEmpty()) throw new DirectoryFault('starttls-injected')
        leave(resolve)
      } catch (error) {
        leave(() => reject(error instanceof DirectoryFault ? error : new DirectoryFault('answer-malformed')))
      }
    })
    socket.write(new ExtendedRequest({ messageId: MESSAGE_ID, oid: START_TLS }).write())
  })
