import assert from 'node:assert/strict'
import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { browser, type FormBrowser } from './form-browser.ts'
import type { Asked, RelyingParty } from './relying-party.ts'

/** The `error` of an authorization request that goes straight back to the app, as openid-client reads it. */
export const refusedAtOnce = async (
  party: RelyingParty,
  asked: Asked,
  through: FormBrowser = browser(),
): Promise<string> => {
  const attempt = await party.begin(asked)
  await through.open(attempt.url)
  try {
    await party.finish(attempt, through.callback())
  } catch (error) {
    assert.ok(error instanceof AuthorizationResponseError, String(error))
    return error.error
  }
  assert.fail('the request was granted')
}

/** The OAuth error code of an answer that openid-client refused, whichever endpoint gave it. */
export const codeOf = (error: unknown): string => {
  if (error instanceof ResponseBodyError) return error.error
  if (error instanceof WWWAuthenticateChallengeError) return error.cause[0]?.parameters.error ?? ''
  throw error
}

/** Waits for the refusal of a call and gives its code. */
export const refusalOf = async (answer: Promise<unknown>): Promise<string> => {
  try {
    await answer
  } catch (error) {
    return codeOf(error)
  }
  assert.fail('it was granted')
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown>
}

/** Sends what a well-behaved library would not, and shows the answer as it came. */
export const send = async (
  address: string,
  form: Readonly<Record<string, string>> | string | null,
  init: { headers?: Record<string, string>; method?: string } = {},
): Promise<Answer> => {
  const response = await fetch(address, {
    method: init.method ?? 'POST',
    redirect: 'manual',
    ...(init.headers === undefined ? {} : { headers: init.headers }),
    ...(form === null ? {} : { body: new URLSearchParams(form) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

/** RFC 6749 §2.3.1: both parts form-encoded before they are joined. */
export const basic = (clientId: string, secret: string): { authorization: string } => {
  const encoded = (part: string) => new URLSearchParams({ part }).toString().slice('part='.length)
  return { authorization: `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64')}` }
}
