import type { SmsSender } from '#core/messages/ports.ts'
import { DeliveryError } from '#core/shared/delivery-error.ts'

/** A production server without a gateway: every SMS becomes a dead letter that an operator sees, none is called sent. */
export const noSms: SmsSender = {
  async send() {
    throw new DeliveryError('permanent', 'no SMS gateway is configured (SMS_GATEWAY_URL)')
  },
}
