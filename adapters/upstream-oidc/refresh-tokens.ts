import { ResponseBodyError, refreshTokenGrant } from 'openid-client'
import type { GuardedFetch, TokensToRefresh, UpstreamTokens } from '#core/federation/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { safeDescription } from '#core/shared/safe-description.ts'
import { readTokenAnswer } from '#core/shared/token-answer.ts'
import { type Arrival, checkFurther, configurationFor } from './arrival.ts'
import { refusalOf } from './refusal-of.ts'

const WHERE = 'token endpoint'
const invalid = (because: string) => fail('upstream-invalid', { because })

/** An error page of a provider in trouble is no word about the token. */
const unlessInTrouble =
  (call: GuardedFetch): GuardedFetch =>
  async (request) => {
    const answer = await call(request)
    return answer.ok && answer.value.status >= 500
      ? fail('upstream-unreachable', { because: `answered ${answer.value.status}` })
      : answer
  }

/** RFC 6749 §6; an ID token in the answer holds as at the sign-in, and is of the same person (OpenID Connect Core §12.2). */
export const refreshTokens = async (
  given: Arrival,
  { refreshToken, subject, now }: TokensToRefresh,
): Promise<Result<UpstreamTokens>> => {
  const arrival = { ...given, call: unlessInTrouble(given.call) }
  const keys = await arrival.keys.get()
  if (!keys.ok) return keys
  try {
    const received = await refreshTokenGrant(configurationFor(arrival, now, keys.value), refreshToken)
    const claims = received.claims()
    if (claims !== undefined) {
      if (claims.sub !== subject) return invalid('the ID token is of somebody else')
      const further = checkFurther(claims, arrival, { notBefore: '' }, now)
      if (!further.ok) return further
    }
    const tokens = readTokenAnswer(received, now)
    return tokens === null ? invalid('an access token that cannot be sent') : ok(tokens)
  } catch (error) {
    // Every other error is about us, and the person's tokens are as good as before (RFC 6749 §5.2).
    if (error instanceof ResponseBodyError && error.error === 'invalid_grant')
      return fail('upstream-refused', { because: safeDescription(error.error, error.error_description) })
    return refusalOf(error, WHERE)
  }
}
