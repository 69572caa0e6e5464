import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { fail, type Result } from '#core/shared/result.ts'
import { safeDescription } from '#core/shared/safe-description.ts'
import { CallFailed } from './call-out.ts'

/** Words of the library (6.8, pinned) → ours; the first that fits. The tests of the hostile provider hold them together. */
const REASONS: readonly [RegExp, string][] = [
  [/unexpected JWT "alg"/, 'the ID token is signed with an algorithm that is not allowed'],
  [/signature verification failed/, "the ID token's signature does not hold"],
  [/no applicable keys found/, 'the ID token is signed with a key the provider does not publish'],
  [/multiple applicable keys/, 'the ID token does not say which key signed it'],
  [/JWE decryption is not configured/, 'the ID token is encrypted'],
  [/"crit"/, 'the ID token demands extensions'],
  [/unexpected JWT "iss"/, 'the ID token is of another issuer'],
  [/additional untrusted audiences/, 'the ID token has several audiences and does not say for whom it is'],
  [/"azp"/, 'the ID token was issued to another client'],
  [/unexpected JWT "aud"/, 'the ID token is for another audience'],
  [/unexpected ID Token "nonce"/, 'the ID token belongs to another sign-in'],
  [/"exp" \(expiration time\) claim value/, 'the ID token has expired'],
  [/"nbf" \(not before\) claim value/, 'the ID token is not valid yet'],
  [/"id_token" property/, 'the answer holds no ID token'],
  [/body "sub" property value/, 'userInfo speaks of somebody else'],
  [/body "sub" property/, 'userInfo does not say of whom it speaks'],
  [/parameter "iss" \(issuer\) missing/, 'the answer does not say which provider gives it'],
  [/unexpected "iss" \(issuer\) response parameter/, 'the answer is of another provider'],
  [/"state" missing/, 'the answer belongs to no sign-in'],
  [/"state" response parameter value/, 'the answer belongs to another sign-in'],
  [/no authorization code/, 'the answer holds no code'],
  [/implicit and hybrid/, 'the answer holds tokens in the address'],
  [/"access_token" property/, 'the answer holds no access token'],
  [/token_type/, 'the access token is of an unknown type'],
  [/claim missing/, 'the ID token lacks a claim that it must have'],
  [/claim type/, 'a claim of the ID token is of the wrong type'],
]

interface Coded {
  message: string
  code: string | null
  cause: unknown
}

const coded = (error: unknown): Coded | null =>
  error instanceof Error
    ? { message: error.message, code: 'code' in error ? String(error.code) : null, cause: error.cause }
    : null

/** An error and what caused it, outermost first. */
const chainOf = (error: unknown): Coded[] => {
  const links: Coded[] = []
  for (let one = coded(error); one !== null && links.length < 5; one = coded(one.cause)) links.push(one)
  return links
}

const failedCall = (error: unknown): CallFailed | null => {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1)
    if (one instanceof CallFailed) return one
  return null
}

/** What went wrong while finishing a sign-in, each with a reason of its own; bugs of ours are thrown on. */
export const refusalOf = (error: unknown, where: string): Result<never> => {
  if (error instanceof AuthorizationResponseError)
    return fail('upstream-refused', { because: safeDescription(error.error, error.error_description) })
  if (error instanceof ResponseBodyError) {
    const said = safeDescription(error.error, error.error_description)
    return fail('upstream-invalid', { because: `${where}: ${said}` })
  }
  if (error instanceof WWWAuthenticateChallengeError)
    return fail('upstream-invalid', { because: `${where}: refused our access` })
  const call = failedCall(error)
  if (call !== null) return fail(call.code, { because: `${where}: ${call.message}` })
  const chain = chainOf(error)
  for (const { message } of chain)
    for (const [words, because] of REASONS) if (words.test(message)) return fail('upstream-invalid', { because })
  const code = chain.find((one) => one.code?.startsWith('OAUTH_'))?.code
  if (code === undefined) throw error
  return fail('upstream-invalid', { because: `${where}: the answer does not hold (${code})` })
}
