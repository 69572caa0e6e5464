import type { KeyedHash, Random } from '../shared/ports.ts'

export const RECOVERY_CODES = 10
/** Without what looks alike (0 O, 1 I L) and without U, so that no code spells a word one would not print. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10

/** Ten new codes as they are shown: `7KQ2M-XR4TD`, 49 bits each. */
export const newRecoveryCodes = (random: Random): readonly string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const code = random.text(LENGTH, ALPHABET)
    return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`
  })

/** What was typed as the code it means: blind to case, dashes and spaces. Null when it cannot be one. */
export const readRecoveryCode = (typed: string): string | null => {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐-―]/g, '')
  return code.length === LENGTH && [...code].every((sign) => ALPHABET.includes(sign)) ? code : null
}

/** Hash under which a code rests: bound to its person. */
export const recoveryCodeHash = (hashes: KeyedHash, poolId: string, sub: string, code: string): string =>
  hashes.of('recovery-code', `${poolId}|${sub}|${code}`)
