import type { IncomingMessage } from 'node:http'
import type { ReceivedMessage } from '#adapters/saml-idp/received.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { formFields, readForm } from '../form-body.ts'

/** Fields of a request, each once: one that is repeated is read differently by different parties (attack 7). */
export const singleFields = (text: string): Result<Readonly<Record<string, string>>> => {
  const fields = Object.entries(formFields(text))
  const single = fields.filter((field): field is [string, string] => typeof field[1] === 'string')
  return single.length < fields.length
    ? fail('saml-request-refused', { because: 'a parameter is there twice' })
    : ok(Object.fromEntries(single))
}

/**
 * A SAML message as it came by HTTP-Redirect or HTTP-POST (SAML 2.0 Bindings §3.4, §3.5). Fails with `saml-request-refused`.
 *
 * @param now epoch milliseconds
 */
export const readMessage = async (req: IncomingMessage, now: number): Promise<Result<ReceivedMessage>> => {
  const url = req.url ?? ''
  if (req.method !== 'POST') {
    const parameters = singleFields(url.split('?').slice(1).join('?'))
    return parameters.ok ? ok({ method: 'GET', url, parameters: parameters.value, now }) : parameters
  }
  const body = await readForm(req)
  if (!body.ok) return fail('saml-request-refused', { because: `the form cannot be read (${body.status})` })
  const parameters = singleFields(body.text)
  return parameters.ok ? ok({ method: 'POST', url, parameters: parameters.value, now }) : parameters
}
