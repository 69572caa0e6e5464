import type { PoolSettings, SignInNameKind } from '../pools/pool-settings.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { SignInName } from './ports.ts'
import type { Attributes } from './user.ts'

/** The part of a pool that decides how names are read. */
export interface NamesOfPool {
  settings: Pick<PoolSettings, 'signInNames' | 'caseSensitiveNames'>
}

const MAX_TYPED = 512
const MAX_USERNAME = 128
// RFC 5321 §4.5.3.1: octets of a local part and of a path.
const MAX_LOCAL_BYTES = 64
const MAX_EMAIL_BYTES = 254

// RFC 5322 §3.2.3 atoms, with every letter, mark and digit of RFC 6531 §3.3. Quoted local parts are left out: nobody has one,
// and their blanks and escapes have been used to smuggle a second address past a check.
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
// Letters, marks and digits of any script; what is not a host name falls out in the URL parser (UTS #46).
const DOMAIN = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u
const ASCII_LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
// Cognito's UsernameType: letters, marks, symbols, digits, punctuation. No separators, no invisible characters.
const USERNAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
// ITU-T E.164 §6: country code (never 0) and at most 15 digits.
const E164 = /^\+[1-9]\d{4,14}$/
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u

/**
 * Every spelling of a name becomes one: compatibility forms (full-width letters, ligatures), then case. Lower case only —
 * mapping through upper case would make `ı` and `i` the same person.
 */
export const foldCase = (value: string): string =>
  value.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')

/**
 * An e-mail address as it is stored and written to: NFKC, domain in lower-case ASCII (IDNA), local part in the case typed.
 * Null when it cannot be one. Mail goes to this form and never to what was typed, else a look-alike of the address
 * receives the code that proves the real one.
 */
export const parseEmail = (typed: string): string | null => {
  if (typed.length > MAX_TYPED) return null
  const value = typed.normalize('NFKC').trim()
  const [local, typedDomain, ...more] = value.split('@')
  if (local === undefined || typedDomain === undefined || more.length > 0) return null
  // What an ideographic keyboard types for a dot (UTS #46 §4.5).
  const domain = typedDomain.replaceAll('\u3002', '.')
  if (!LOCAL_PART.test(local) || Buffer.byteLength(local) > MAX_LOCAL_BYTES || !DOMAIN.test(domain)) return null
  const ascii = URL.parse(`http://${domain}`)?.hostname ?? ''
  const labels = ascii.split('.')
  const top = labels.at(-1) ?? ''
  // A numeric last label is an IPv4 address to every URL parser and to no mail server.
  if (labels.length < 2 || /^\d+$/.test(top) || !labels.every((label) => ASCII_LABEL.test(label))) return null
  const address = `${local}@${ascii}`
  return Buffer.byteLength(address) > MAX_EMAIL_BYTES ? null : address
}

/** A phone number in E.164. Spaces, brackets, dots, dashes and a leading 00 are typing habits; a number without its country is not accepted. */
export const parsePhone = (typed: string): string | null => {
  if (typed.length > MAX_TYPED) return null
  const bare = typed
    .normalize('NFKC')
    .trim()
    // A bracketed trunk zero, as in +44 (0)20: dialled at home only.
    .replace(/^(\+|00)([\d\s]+)\(0\)/, '$1$2')
    .replace(/[\s().\-/\u2010-\u2015]/g, '')
    .replace(/^00/, '+')
  return E164.test(bare) ? bare : null
}

/** What a person would read as an e-mail address, deliverable or not. */
const looksLikeEmail = (value: string): boolean => value.includes('@')

/**
 * A chosen user name, or null: 1–128 characters, no blanks, nothing invisible. Where e-mail addresses or phone numbers sign
 * in too, a name may not look like one, or one person could take another's; and never like a `sub`.
 */
export const parseUsername = (pool: NamesOfPool, typed: string): string | null => {
  if (typed.length > MAX_TYPED) return null
  const value = typed.normalize('NFKC').trim()
  const length = [...value].length
  if (
    length < 1 ||
    length > MAX_USERNAME ||
    !USERNAME.test(value) ||
    INVISIBLE.test(value) ||
    UUID.test(value.toLowerCase())
  )
    return null
  const { signInNames } = pool.settings
  if (signInNames.includes('email') && looksLikeEmail(value)) return null
  if (signInNames.includes('phone_number') && parsePhone(value) !== null) return null
  return value
}

const parsers: Record<SignInNameKind, (pool: NamesOfPool, typed: string) => string | null> = {
  email: (_pool, typed) => parseEmail(typed),
  phone_number: (_pool, typed) => parsePhone(typed),
  username: parseUsername,
  preferred_username: parseUsername,
}

/**
 * The form in which a name of a known kind is unique in its pool, and found again. Fails with `identifier-empty` or
 * `identifier-format`.
 */
export const signInName = (pool: NamesOfPool, kind: SignInNameKind, typed: string): Result<SignInName> => {
  if (typed.trim() === '') return fail('identifier-empty')
  if (INVISIBLE.test(typed.trim())) return fail('identifier-format', { because: 'invisible characters' })
  const parsed = parsers[kind](pool, typed)
  if (parsed === null) return fail('identifier-format', { because: `not a ${kind}` })
  return ok({ kind, value: pool.settings.caseSensitiveNames ? parsed : foldCase(parsed) })
}

/** Which kinds the typed text may be, most specific first; the pool's own list decides. */
const kindsToTry = ({ settings: { signInNames } }: NamesOfPool, typed: string): SignInNameKind[] => {
  const order: SignInNameKind[] = looksLikeEmail(typed.normalize('NFKC'))
    ? ['email', 'username', 'preferred_username']
    : ['phone_number', 'username', 'preferred_username', 'email']
  return order.filter((kind) => signInNames.includes(kind))
}

/**
 * Reads what was typed into the identifier field. The kind tells how it was understood; the value alone finds the user,
 * because values are unique across kinds. Fails with `identifier-empty` or `identifier-format`.
 */
export const parseSignInName = (pool: NamesOfPool, typed: string): Result<SignInName> => {
  if (typed.trim() === '') return fail('identifier-empty')
  for (const kind of kindsToTry(pool, typed)) {
    const name = signInName(pool, kind, typed)
    if (name.ok) return name
  }
  return fail('identifier-format')
}

/** Kinds whose value is an attribute that has to be proven before it signs in beside a user name. */
const PROVEN_BY = { email: 'email_verified', phone_number: 'phone_number_verified' } as const

/**
 * The names under which a person with these attributes is found. In pools with user names an address joins them once it is
 * proven, as Cognito's aliases do; in pools without, it is the name and unique at once. Fails with `identifier-format` when
 * the user name is not one in this pool; `field` names the attribute or `username`.
 */
export const namesOfUser = (
  pool: NamesOfPool,
  username: string,
  attributes: Attributes,
): Result<readonly SignInName[]> => {
  const { signInNames } = pool.settings
  const names = new Map<string, SignInName>()
  for (const kind of signInNames) {
    const value = kind === 'username' ? username : attributes[kind]
    if (typeof value !== 'string') continue
    const needsProof = signInNames.includes('username') && (kind === 'email' || kind === 'phone_number')
    if (needsProof && attributes[PROVEN_BY[kind]] !== true) continue
    const name = signInName(pool, kind, value)
    if (!name.ok) return fail(name.failure.code, { ...name.failure, field: kind })
    if (!names.has(name.value.value)) names.set(name.value.value, name.value)
  }
  return ok([...names.values()])
}

/**
 * An address as it may be shown where someone else might look: `a•••@example.com`, `+•••••••34`. Always the same number of
 * dots in an e-mail address, so that its length stays private too.
 */
export const maskAddress = (address: string): string => {
  const at = address.lastIndexOf('@')
  if (at > 0) return `${[...address][0]}•••${address.slice(at)}`
  return address.startsWith('+') ? `+•••••••${address.slice(-2)}` : '•••'
}
