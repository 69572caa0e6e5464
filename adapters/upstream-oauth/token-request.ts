import type { GuardedFetch, GuardedRequest, UpstreamTokens } from '#core/federation/ports.ts'
import type { OAuthProviderSettings } from '#core/federation/provider-settings.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { safeDescription } from '#core/shared/safe-description.ts'
import { readTokenAnswer } from '#core/shared/token-answer.ts'
import { askJson } from './read-answer.ts'

type Grant = Readonly<Record<string, string>>

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

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
export const codeGrant = ({ code, callbackUrl, verifier }: CodeInHand): Grant => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: callbackUrl,
  ...(verifier !== null && { code_verifier: verifier }),
})

/** RFC 6749 §6. */
const refreshGrant = (refreshToken: string): Grant => ({ grant_type: 'refresh_token', refresh_token: refreshToken })

export const tokenRequest = (
  { auth, clientId, endpoints }: OAuthProviderSettings,
  secret: string,
  grant: Grant,
): GuardedRequest => {
  const isBasic = auth.method === 'client_secret_basic'
  const body = new URLSearchParams({
    ...grant,
    client_id: clientId,
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

interface Asking {
  call: GuardedFetch
  settings: OAuthProviderSettings
  secret: string
  /** Epoch milliseconds. */
  now: number
}

/** Errors in `ofGrant` are about the grant, all others about us. Some providers say 200 to an error, so the members decide. */
const askForTokens = async (
  { call, settings, secret, now }: Asking,
  grant: Grant,
  ofGrant: ReadonlySet<unknown>,
): Promise<Result<UpstreamTokens>> => {
  const answer = await askJson(call, tokenRequest(settings, secret, grant), WHERE)
  if (!answer.ok) return answer
  const { status, json } = answer.value
  const refused = (because: string) => fail('upstream-invalid', { because: `${WHERE}: ${because}` })
  const error = errorOf(json as object)
  if (error !== null)
    return ofGrant.has((json as { error?: unknown }).error)
      ? fail('upstream-refused', { because: error })
      : refused(error)
  if (status !== 200) return refused(`answered ${status}`)
  const { access_token: token, token_type: type } = json as Record<string, unknown>
  if (typeof token !== 'string' || token === '') return refused('no access token')
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return refused('a token of an unknown type')
  const tokens = readTokenAnswer(json as object, now)
  // It goes into a header: what RFC 6750 §2.1 does not allow there is not sent.
  return tokens !== null && /^[\x21-\x7e]+$/.test(token) ? ok(tokens) : refused('an access token that cannot be sent')
}

/** Tokens for a code. Fails with `upstream-invalid`, `upstream-unreachable`. */
export const redeemCode = (asking: Asking, code: CodeInHand): Promise<Result<UpstreamTokens>> =>
  askForTokens(asking, codeGrant(code), new Set())

/** GitHub has a word of its own. */
const REFUSED_REFRESH: ReadonlySet<unknown> = new Set(['invalid_grant', 'bad_refresh_token'])

/** New tokens for a refresh token. Fails with `upstream-refused` where it is taken no more, `upstream-invalid`, `upstream-unreachable`. */
export const redeemRefreshToken = (asking: Asking, refreshToken: string): Promise<Result<UpstreamTokens>> =>
  askForTokens(asking, refreshGrant(refreshToken), REFUSED_REFRESH)
