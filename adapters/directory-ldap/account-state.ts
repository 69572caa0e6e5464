import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { refuse } from './refusals.ts'

export const ACCOUNT_ATTRIBUTES = ['userAccountControl', 'accountExpires', 'pwdLastSet'] as const

// MS-ADTS §2.2.16
const ACCOUNT_DISABLE = 0x2n
const DONT_EXPIRE_PASSWORD = 0x10000n

/** 100 ns since 1601, in milliseconds since 1970. */
const fromFileTime = (ticks: bigint): bigint => ticks / 10_000n - 11_644_473_600_000n
/** MS-ADA1 §2.1: both mean never. */
const NEVER: ReadonlySet<bigint> = new Set([0n, 0x7fff_ffff_ffff_ffffn])

/** Null: not there, which is for the directory's own check at the bind. */
const numberOf = (entry: DirectoryEntry, attribute: string): bigint | null | 'unreadable' => {
  const [value, ...others] = entry.valuesOf(attribute)
  if (value === undefined) return null
  return others.length === 0 && /^-?\d{1,20}$/.test(value) ? BigInt(value) : 'unreadable'
}

/**
 * What Active Directory's attributes say of an account whose password was right: `user-disabled`, `password-expired`, or nothing
 * against it. Active Directory refuses such binds itself; what copies its schema may not.
 *
 * @param now epoch milliseconds
 */
export const checkAccount = (
  { schema }: Pick<LdapProviderSettings, 'schema'>,
  entry: DirectoryEntry,
  now: number,
): Result<void> => {
  if (schema !== 'ad') return ok(undefined)
  const [control, expires, lastSet] = ACCOUNT_ATTRIBUTES.map((attribute) => numberOf(entry, attribute))
  if (control === 'unreadable' || expires === 'unreadable' || lastSet === 'unreadable')
    return refuse('account-state-unreadable')
  if (control != null && (control & ACCOUNT_DISABLE) !== 0n) return refuse('account-disabled')
  if (expires != null && !NEVER.has(expires) && fromFileTime(expires) <= BigInt(now)) return refuse('account-expired')
  const keepsPassword = control != null && (control & DONT_EXPIRE_PASSWORD) !== 0n
  return lastSet === 0n && !keepsPassword ? refuse('password-must-change') : ok(undefined)
}
