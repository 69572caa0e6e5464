import { type PoolSettings, passwordRulesOf } from '../pools/pool-settings.ts'
import { type Failure, fail, ok, type Result } from '../shared/result.ts'
import type { PasswordHasher, UserDirectory } from '../users/ports.ts'
import { easyToGuess } from './easy-to-guess.ts'
import { type Exposure, findExposure, type Occasion } from './exposure.ts'
import type { CommonPasswords, CompromisedPasswords } from './ports.ts'

/** Longest password in bytes of UTF-8: enough for any sentence, too little to keep the hasher busy. */
export const MAX_PASSWORD_BYTES = 1024

type PolicyOfPool = Pick<PoolSettings, 'passwordPolicy' | 'mfa'>

/**
 * The bytes a password stands for: NFC, so that every keyboard types the same. Null when it is longer than any password we
 * would have accepted: it can match none and is not worth a hash.
 */
export const normalisePassword = (typed: string): string | null => {
  if (typed.length > MAX_PASSWORD_BYTES) return null
  const value = typed.normalize('NFC')
  return Buffer.byteLength(value) > MAX_PASSWORD_BYTES ? null : value
}

const CLASSES = [
  ['uppercase', 'requireUppercase', /\p{Lu}/u],
  ['lowercase', 'requireLowercase', /\p{Ll}/u],
  ['numbers', 'requireNumbers', /\p{Nd}/u],
  // Blanks at either end do not count, as in Cognito: they are lost too easily.
  ['symbols', 'requireSymbols', /[^\p{L}\p{N}\s]|\S\s\S/u],
] as const

/**
 * Length and composition alone: what can be said without looking anything up. Gives the normalised password.
 * Fails with `new-password-empty`, `new-password-long`, `new-password-short` (`min`) or `new-password-rules` (`missing`).
 */
export const checkPasswordRules = (pool: PolicyOfPool, typed: string): Result<string> => {
  const field = 'password'
  if (typed === '') return fail('new-password-empty', { field })
  const password = normalisePassword(typed)
  if (password === null) return fail('new-password-long', { field, params: { max: MAX_PASSWORD_BYTES } })
  const rules = passwordRulesOf(pool)
  if ([...password].length < rules.minLength)
    return fail('new-password-short', { field, params: { min: rules.minLength } })
  const missing = CLASSES.filter(([, rule, pattern]) => rules[rule] && !pattern.test(password)).map(([name]) => name)
  return missing.length === 0
    ? ok(password)
    : fail('new-password-rules', { field, params: { missing: missing.join(', ') } })
}

export interface PasswordPolicyPorts {
  users: Pick<UserDirectory, 'formerPasswords'>
  passwords: Pick<PasswordHasher, 'verify'>
  commonPasswords: CommonPasswords
  compromised: CompromisedPasswords
}

export interface PasswordToCheck {
  pool: {
    id: string
    name: string
    settings: PolicyOfPool & Pick<PoolSettings, 'displayName' | 'compromisedCredentials'>
  }
  password: string
  /** Names a guesser knows: user name, addresses, the app. The pool's own are added here, and local parts of addresses. */
  context: readonly string[]
  /** Whose password it replaces; null for someone new. */
  replaces: { sub: string; hash: string | null } | null
  occasion: Exclude<Occasion, 'signIn'>
}

/** The normalised password or why it is refused; and that others know it, whether or not the pool lets it pass. */
export type CheckedPassword = ({ ok: true; value: string } | { ok: false; failure: Failure }) & {
  exposure: Exposure | null
}

/** An address tells two words: itself and what stands before the @. */
const wordsOf = (name: string): string[] => (name.includes('@') ? [name, name.slice(0, name.lastIndexOf('@'))] : [name])

/** Easy to guess, or one of those the pool remembers. */
const checkAgainstPerson = async (
  { users, passwords, commonPasswords }: PasswordPolicyPorts,
  { pool, context, replaces }: PasswordToCheck,
  password: string,
): Promise<Result<void>> => {
  const { blockCommon, historySize } = pool.settings.passwordPolicy
  if (blockCommon) {
    const words = [...context, pool.name, pool.settings.displayName ?? ''].flatMap(wordsOf)
    const reason = easyToGuess(password, await commonPasswords.load(), words)
    if (reason !== null) return fail('new-password-common', { field: 'password', because: reason })
  }
  if (replaces !== null && historySize > 0) {
    const former = await users.formerPasswords(pool.id, replaces.sub, historySize - 1)
    for (const hash of replaces.hash === null ? former : [replaces.hash, ...former]) {
      if (await passwords.verify(password, hash)) return fail('new-password-same', { field: 'password' })
    }
  }
  return ok(undefined)
}

/**
 * A new password against the whole policy of the pool. Gives the normalised password, ready for the hasher.
 *
 * Fails as `checkPasswordRules` does, with `new-password-common` when it is easy to guess, with `new-password-same` when it
 * is the present one or among the former ones the pool remembers (each remembered one costs a hash), with
 * `new-password-breached` when others know it, or with `new-password-unchecked` when nobody can tell and the pool insists.
 */
export const checkNewPassword =
  (ports: PasswordPolicyPorts) =>
  async (input: PasswordToCheck): Promise<CheckedPassword> => {
    const { settings } = input.pool
    const checked = checkPasswordRules(settings, input.password)
    if (!checked.ok) return { ...checked, exposure: null }
    const personal = await checkAgainstPerson(ports, input, checked.value)
    if (!personal.ok) return { ...personal, exposure: null }
    // Last: what is refused anyway is looked up nowhere.
    const exposure = await findExposure(ports)(settings, input.occasion, checked.value)
    if (exposure === 'unchecked') return { ...fail('new-password-unchecked', { field: 'password' }), exposure: null }
    if (exposure === null || exposure.action === 'tell') return { ...checked, exposure }
    return { ...fail('new-password-breached', { field: 'password', because: exposure.source }), exposure }
  }
