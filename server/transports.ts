import { capturedMailer } from '#adapters/mail/captured-mailer.ts'
import { smtpMailer } from '#adapters/mail/smtp-mailer.ts'
import { capturedSms } from '#adapters/sms/captured-sms.ts'
import { httpGateway } from '#adapters/sms/http-gateway.ts'
import { noSms } from '#adapters/sms/no-sms.ts'
import type { Mailer, SmsSender } from '#core/messages/ports.ts'
import type { Config } from './config.ts'

/** What carries messages out of the house; in development, where nothing is configured, they are captured. */
export const transports = (config: Config): { mailer: Mailer; sms: SmsSender } => {
  const production = config.mode === 'production'
  const { SMTP_URL, MAIL_FROM, SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN } = config
  const unsent = production ? noSms : capturedSms
  return {
    mailer: SMTP_URL === undefined ? capturedMailer : smtpMailer({ url: SMTP_URL, from: MAIL_FROM, production }),
    sms:
      SMS_GATEWAY_URL === undefined
        ? unsent
        : httpGateway({
            url: SMS_GATEWAY_URL,
            format: 'json',
            fields: { to: '{to}', text: '{text}', id: '{id}' },
            auth: SMS_GATEWAY_TOKEN === undefined ? { kind: 'none' } : { kind: 'bearer', token: SMS_GATEWAY_TOKEN },
            production,
          }),
  }
}
