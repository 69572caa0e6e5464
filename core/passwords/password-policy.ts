import { type PoolSettings, passwordRulesOf } from '../pools/pool-settings.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { PasswordHasher, UserDirectory } from '../users/ports.ts'
import { easyToGuess } from './easy-to-guess.ts'
import type { CommonPasswords } from './ports.ts'

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
}

export interface PasswordToCheck {
  pool: { id: string; name: string; settings: PolicyOfPool & Pick<PoolSettings, 'displayName'> }
  password: string
  /** Names a guesser knows: user name, addresses, the app. The pool's own are added here, and local parts of addresses. */
  context: readonly string[]
  /** Whose password it replaces; null for someone new. */
  replaces: { sub: string; hash: string | null } | null
}

/** An address tells two words: itself and what stands before the @. */
const wordsOf = (name: string): string[] => (name.includes('@') ? [name, name.slice(0, name.lastIndexOf('@'))] : [name])

/**
 * A new password against the whole policy of the pool. Gives the normalised password, ready for the hasher.
 *
 * Fails as `checkPasswordRules` does, with `new-password-common` when it is easy to guess, or with `new-password-same` when it
 * is the present one or among the former ones the pool remembers. Each remembered one costs a hash.
 */
export const checkNewPassword =
  ({ users, passwords, commonPasswords }: PasswordPolicyPorts) =>
  async ({ pool, password, context, replaces }: PasswordToCheck): Promise<Result<string>> => {
    const checked = checkPasswordRules(pool.settings, password)
    if (!checked.ok) return checked
    const { blockCommon, historySize } = pool.settings.passwordPolicy

    if (blockCommon) {
      const words = [...context, pool.name, pool.settings.displayName ?? ''].flatMap(wordsOf)
      const reason = easyToGuess(checked.value, await commonPasswords.load(), words)
      if (reason !== null) return fail('new-password-common', { field: 'password', because: reason })
    }

    if (replaces !== null && historySize > 0) {
      const former = await users.formerPasswords(pool.id, replaces.sub, historySize - 1)
      for (const hash of replaces.hash === null ? former : [replaces.hash, ...former]) {
        if (await passwords.verify(checked.value, hash)) return fail('new-password-same', { field: 'password' })
      }
    }
    return checked
  }
