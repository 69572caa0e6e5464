import type { RenderedSms } from '#core/messages/message.ts'
import type { SmsSender } from '#core/messages/ports.ts'
import { DeliveryError, type DeliveryFault } from '#core/shared/delivery-error.ts'

export interface HttpGatewayOptions {
  /** Where to post. https, except on this machine or in development. */
  url: string
  format?: 'json' | 'form'
  /** The body's members. In every value `{to}`, `{text}` and `{id}` are replaced: `{ "to": "{to}", "text": "{text}", "id": "{id}" }`, the default. */
  fields?: Readonly<Record<string, string>>
  auth: { kind: 'none' } | { kind: 'bearer'; token: string } | { kind: 'basic'; user: string; password: string }
  production: boolean
  /** Header that carries the message's id, for gateways that recognise a repetition. */
  idempotencyHeader?: string
  /** Milliseconds for the whole exchange. */
  totalTimeoutMs?: number
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

const authorization = (auth: HttpGatewayOptions['auth']): string | null => {
  if (auth.kind === 'bearer') return `Bearer ${auth.token}`
  if (auth.kind === 'basic') return `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`
  return null
}

/** One pass: what the text contains is not read as a placeholder again. */
const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(to|text|id)\}/g, (whole, name: string) => values[name] ?? whole)

/** Wrong credentials, a moved address, an overload: no other message would fare better. */
const faultOf = (status: number): DeliveryFault => {
  if (status === 401 || status === 403 || status === 404 || status === 405 || status === 429) return 'transport'
  if (status >= 500 || status < 400) return 'transport'
  return status === 408 || status === 409 || status === 425 ? 'message' : 'permanent'
}

/**
 * SMS through any provider that takes an HTTP POST. 2xx means accepted; a redirect is not followed, because it would carry
 * the credentials and the code elsewhere. Throws `DeliveryError`.
 */
export const httpGateway = (options: HttpGatewayOptions): SmsSender => {
  const {
    url,
    format = 'json',
    fields = { to: '{to}', text: '{text}', id: '{id}' },
    auth,
    production,
    idempotencyHeader = 'Idempotency-Key',
    totalTimeoutMs = 30_000,
  } = options
  const address = URL.canParse(url) ? new URL(url) : null
  const isPlain = address?.protocol === 'http:' && (!production || LOOPBACK.test(address.hostname))
  if (!address || (address.protocol !== 'https:' && !isPlain)) {
    throw new Error('the address of the SMS gateway must be https')
  }
  const placeholders = Object.values(fields).join(' ')
  if (!placeholders.includes('{to}') || !placeholders.includes('{text}')) {
    throw new Error("the SMS gateway's fields must hold {to} and {text}")
  }
  const credentials = authorization(auth)

  return {
    async send(message: RenderedSms, id: string) {
      const values = { to: message.to, text: message.text, id }
      const members = Object.entries(fields).map(([name, template]) => [name, filled(template, values)])
      const body =
        format === 'json' ? JSON.stringify(Object.fromEntries(members)) : new URLSearchParams(members).toString()
      let status: number
      try {
        const response = await fetch(address, {
          method: 'POST',
          redirect: 'manual',
          signal: AbortSignal.timeout(totalTimeoutMs),
          headers: {
            'content-type': format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
            [idempotencyHeader]: id,
            ...(credentials !== null && { authorization: credentials }),
          },
          body,
        })
        status = response.status
        // The status is the whole answer; what follows is not read.
        await response.body?.cancel()
      } catch (error) {
        const isLate = error instanceof Error && error.name === 'TimeoutError'
        const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
        throw new DeliveryError(
          isLate ? 'message' : 'transport',
          `sms gateway: ${isLate ? 'no answer in time' : reason}`,
          {
            cause: error,
          },
        )
      }
      if (status < 200 || status > 299) throw new DeliveryError(faultOf(status), `sms gateway answered ${status}`)
    },
  }
}
