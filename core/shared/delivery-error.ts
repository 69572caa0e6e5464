/**
 * Why a transport did not take a message.
 *
 * - `message`: this message, now; another may pass, and this one later.
 * - `permanent`: this message, ever: nobody lives there, or it was refused for what it is.
 * - `transport`: nothing can be sent this way at the moment, whatever it is; the message had no part in it.
 */
export type DeliveryFault = 'message' | 'permanent' | 'transport'

/** Thrown by transports. The text is kept with the message and logged: it holds no address, number or content. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly fault: DeliveryFault

  constructor(fault: DeliveryFault, message: string, options?: ErrorOptions) {
    super(withoutAddresses(message), options)
    this.fault = fault
  }

  get permanent(): boolean {
    return this.fault === 'permanent'
  }
}

const MAX_LENGTH = 200

/** Servers like to quote the recipient in a refusal. */
const withoutAddresses = (text: string): string =>
  text
    .replace(/[^\s<>()"']+@[^\s<>()"']+/g, '…')
    .replace(/\+?\d{7,}/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
