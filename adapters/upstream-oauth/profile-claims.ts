import type { GuardedFetch } from '#core/federation/ports.ts'
import type { OAuthProviderSettings } from '#core/federation/provider-settings.ts'
import { readClaim } from '#core/shared/read-claim.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { askJson } from './read-answer.ts'

type Claims = Readonly<Record<string, unknown>>

const MOST_CHARACTERS = 64 * 1024
const MOST_SUBJECT_CHARACTERS = 255
const invalid = (because: string) => fail('upstream-invalid', { because })

/** One profile out of all calls. What comes later adds, and replaces nothing. */
export const readProfile = async (
  call: GuardedFetch,
  { profile, profileHeaders }: OAuthProviderSettings,
  accessToken: string,
): Promise<Result<Claims>> => {
  let claims: Claims = {}
  for (const { url, into } of profile) {
    const headers = { accept: 'application/json', ...profileHeaders, authorization: `Bearer ${accessToken}` }
    const answer = await askJson(call, { url, headers }, 'profile')
    if (!answer.ok) return answer
    const { status, json } = answer.value
    if (status !== 200) return invalid(`profile: answered ${status}`)
    if (into === null && Array.isArray(json)) return invalid('profile: a list')
    claims = { ...(into === null ? (json as Claims) : { [into]: json }), ...claims }
  }
  return JSON.stringify(claims).length > MOST_CHARACTERS ? invalid('the claims are too long') : ok(claims)
}

/** Numbers are told as text; those that JSON cannot hold exactly are two people's at once. */
export const subjectOf = (claims: Claims, { subjectClaim }: OAuthProviderSettings): Result<string> => {
  const value = readClaim(claims, subjectClaim)
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  const isFit =
    typeof text === 'string' && text !== '' && text.length <= MOST_SUBJECT_CHARACTERS && !/\p{Cc}/u.test(text)
  return isFit ? ok(text) : invalid('the subject is unfit')
}

/** The address that carries both marks becomes `email`; one from the profile, of which nothing is said, does not count. */
export const withListedAddress = (claims: Claims, { addressList }: OAuthProviderSettings): Claims => {
  if (addressList === null) return claims
  const { email: _, email_verified: __, ...others } = claims
  const list = readClaim(claims, addressList.claim)
  const found = (Array.isArray(list) ? list : []).find(
    (one: unknown) =>
      typeof one === 'object' &&
      one !== null &&
      readClaim(one as Claims, addressList.primary) === true &&
      readClaim(one as Claims, addressList.verified) === true,
  )
  const email = found === undefined ? undefined : readClaim(found as Claims, addressList.address)
  return typeof email === 'string' ? { ...others, email, email_verified: true } : others
}
