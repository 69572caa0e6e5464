import type { GuardedFetch, GuardedRequest } from '#core/federation/ports.ts'
import type { OAuthProviderSettings } from '#core/federation/provider-settings.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { safeDescription } from '#core/shared/safe-description.ts'
import { askJson } from './read-answer.ts'

export interface CodeInHand {
  code: string
  callbackUrl: string
  /** Null where the provider knows no PKCE. */
  verifier: string | null
}

/** RFC 6749 §2.3.1: both parts are encoded as in a form before they are joined. */
const basic = (id: string, secret: string): string => {
  const encoded = (text: string) => new URLSearchParams({ v: text }).toString().slice('v='.length)
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`
}

export const tokenRequest = (
  { auth, clientId, endpoints }: OAuthProviderSettings,
  secret: string,
  { code, callbackUrl, verifier }: CodeInHand,
): GuardedRequest => {
  const isBasic = auth.method === 'client_secret_basic'
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callbackUrl,
    client_id: clientId,
    ...(verifier !== null && { code_verifier: verifier }),
    ...(!isBasic && { client_secret: secret }),
  })
  return {
    url: endpoints.token,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(isBasic && { authorization: basic(clientId, secret) }),
    },
    body: body.toString(),
  }
}

const WHERE = 'token endpoint'

/** RFC 6749 §5.2 names the error; Facebook wraps it into an object. */
const errorOf = (json: object): string | null => {
  if (!('error' in json) || json.error === null || json.error === undefined) return null
  const { error } = json
  const description = 'error_description' in json ? json.error_description : null
  if (typeof error === 'object' && 'message' in error) return safeDescription('error', error.message)
  return safeDescription(error, description) || 'error'
}

/** The access token for a code. Some providers say 200 to an error, so the members decide. Fails as `askJson` does. */
export const redeemCode = async (
  call: GuardedFetch,
  settings: OAuthProviderSettings,
  secret: string,
  code: CodeInHand,
): Promise<Result<string>> => {
  const answer = await askJson(call, tokenRequest(settings, secret, code), WHERE)
  if (!answer.ok) return answer
  const { status, json } = answer.value
  const refused = (because: string) => fail('upstream-invalid', { because: `${WHERE}: ${because}` })
  const error = errorOf(json as object)
  if (error !== null) return refused(error)
  if (status !== 200) return refused(`answered ${status}`)
  const { access_token: token, token_type: type } = json as Record<string, unknown>
  if (typeof token !== 'string' || token === '') return refused('no access token')
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return refused('a token of an unknown type')
  // It goes into a header: what RFC 6750 §2.1 does not allow there is not sent.
  return /^[\x21-\x7e]+$/.test(token) ? ok(token) : refused('an access token that cannot be sent')
}
