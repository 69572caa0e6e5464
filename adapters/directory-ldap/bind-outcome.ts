import { ok, type Result } from '#core/shared/result.ts'
import type { Outcome } from './connection.ts'
import { DirectoryFault, faultOfResult } from './directory-fault.ts'
import { type LdapRefusal, refuse } from './refusals.ts'

/** Active Directory's reason within `invalidCredentials`: a Win32 error in hexadecimal (MS-ERREF §2.2), all but 775 after a right password. */
const SUB_CODES: Readonly<Record<string, LdapRefusal>> = {
  '525': 'bind-refused', // no such user
  '52e': 'bind-refused', // wrong name or password
  '52f': 'sign-in-not-permitted', // account restriction
  '530': 'sign-in-not-permitted', // hours
  '531': 'sign-in-not-permitted', // workstation
  '532': 'password-expired',
  '533': 'account-disabled',
  '568': 'sign-in-not-permitted', // too many security identifiers
  '701': 'account-expired',
  '773': 'password-must-change',
  '775': 'account-locked',
}

/** draft-behera-ldap-password-policy-10 §6.2, as far as it concerns a bind. */
const POLICY_ERRORS: Readonly<Record<number, LdapRefusal>> = {
  0: 'password-expired',
  1: 'account-locked',
  2: 'password-must-change',
}

/** RFC 4511 Appendix A. A name that cannot be, or has no password, is as wrong as any other. */
const RESULTS: Readonly<Record<number, LdapRefusal>> = {
  19: 'account-locked', // constraintViolation: too many wrong passwords (389 Directory Server)
  32: 'bind-refused',
  34: 'bind-refused',
  48: 'bind-refused',
  49: 'bind-refused',
  53: 'account-disabled', // unwillingToPerform: an account made inactive (389 Directory Server)
}

/** What the directory's answer to a person's password means. Throws `DirectoryFault` for what is no answer to it. */
export const readBindOutcome = ({ code, said, policyError }: Outcome): Result<void> => {
  const byPolicy = policyError === null ? undefined : POLICY_ERRORS[policyError]
  if (byPolicy !== undefined && (code === 0 || code === 49)) return refuse(byPolicy)
  if (code === 0) return ok(undefined)
  const refusal = RESULTS[code]
  if (refusal === undefined) throw faultOfResult(code)
  const subCode = code === 49 ? /\bdata ([0-9a-f]{3,4})\b/i.exec(said)?.[1]?.toLowerCase() : undefined
  return refuse((subCode === undefined ? undefined : SUB_CODES[subCode]) ?? refusal, subCode && `data ${subCode}`)
}

/** Marks what goes wrong while a password is on its way: it may have been counted. */
export const afterPassword = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof DirectoryFault) error.isAfterPassword = true
    throw error
  }
}
