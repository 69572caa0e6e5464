import type { UpstreamIdentity } from '#core/federation/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'

type Claims = Readonly<Record<string, unknown>>

/** Of the token, not of the person. */
const PROTOCOL = ['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'nonce', 'at_hash', 'c_hash', 's_hash', 'jti'] as const
/** An address and whether it is verified come from one mouth: the flag of one must not vouch for the address of the other. */
const PAIRS = [
  ['email', 'email_verified'],
  ['phone_number', 'phone_number_verified'],
] as const
const MOST_CHARACTERS = 64 * 1024
/** OpenID Connect Core §2. */
const MOST_SUBJECT_CHARACTERS = 255

/** What both say; where both say something, what was signed counts. */
export const mergeClaims = (idToken: Claims, userInfo: Claims): Claims => {
  const merged: Record<string, unknown> = { ...userInfo, ...idToken }
  for (const [value, flag] of PAIRS) {
    const isSame = idToken[value] === userInfo[value]
    const said = idToken[value] !== undefined ? idToken[flag] : userInfo[flag]
    merged[flag] = isSame ? (idToken[flag] ?? userInfo[flag]) : said
    if (merged[flag] === undefined) delete merged[flag]
  }
  for (const name of PROTOCOL) delete merged[name]
  return merged
}

const NAME_CHARACTERS = 100

/**
 * Apple sends a name once, unsigned and through the browser: taken for a name and nothing more. The address beside it is not read.
 */
export const namesFromForm = (form: string | undefined): Claims => {
  if (form === undefined || form.length > 2000) return {}
  let given: unknown
  try {
    given = JSON.parse(form)
  } catch {
    return {}
  }
  const name = typeof given === 'object' && given !== null && 'name' in given ? given.name : null
  if (typeof name !== 'object' || name === null) return {}
  const part = (member: string): string | null => {
    const value = Object.hasOwn(name, member) ? (name as Record<string, unknown>)[member] : null
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, NAME_CHARACTERS) : null
  }
  const [first, last] = [part('firstName'), part('lastName')]
  const whole = [first, last].filter((one) => one !== null).join(' ')
  return {
    ...(first !== null && { given_name: first }),
    ...(last !== null && { family_name: last }),
    ...(whole !== '' && { name: whole }),
  }
}

const textsOf = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.length > 0 && value.length <= 32 && value.every((one) => typeof one === 'string')
    ? value
    : null

/** Fails with `upstream-invalid`: an unfit subject, or more claims than anybody's profile has. */
export const identityFrom = (claims: Claims, session: string | null): Result<UpstreamIdentity> => {
  const { sub, amr, acr, auth_time: authTime } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > MOST_SUBJECT_CHARACTERS || /\p{Cc}/u.test(sub))
    return fail('upstream-invalid', { because: 'the subject is unfit' })
  if (JSON.stringify(claims).length > MOST_CHARACTERS)
    return fail('upstream-invalid', { because: 'the claims are too long' })
  return ok({
    subject: sub,
    claims,
    amr: textsOf(amr),
    acr: typeof acr === 'string' ? acr : null,
    // Some send 0 for what they do not know.
    authenticatedAt: typeof authTime === 'number' && authTime > 0 ? authTime : null,
    session,
  })
}
