import { Attribute, BerWriter, Change } from 'ldapts'
import { ok, type Result } from '#core/shared/result.ts'
import type { DirectoryConnection, Outcome } from './connection.ts'
import { faultOfResult } from './directory-fault.ts'
import { type LdapRefusal, refuse } from './refusals.ts'

export interface PasswordChange {
  /** Of the entry. */
  name: string
  current: string
  next: string
}

const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1'

/** MS-ADTS §3.1.1.3.1.5: in quotation marks, in UTF-16. */
const quoted = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le')

const oneValue = (operation: 'delete' | 'add', password: string): Change =>
  new Change({ operation, modification: new Attribute({ type: 'unicodePwd', values: [quoted(password)] }) })

/** Taking the old one away and setting the new one in one request is a change, which needs the old one; replacing would be a reset. */
const changeUnicodePwd = (
  connection: DirectoryConnection,
  { name, current, next }: PasswordChange,
  signal: AbortSignal,
) => connection.modify(name, [oneValue('delete', current), oneValue('add', next)], signal)

/** RFC 3062 §2. */
const modifyPassword = (
  connection: DirectoryConnection,
  { name, current, next }: PasswordChange,
  signal: AbortSignal,
) => {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeString(name, 0x80)
  writer.writeString(current, 0x81)
  writer.writeString(next, 0x82)
  writer.endSequence()
  return connection.extended(PASSWORD_MODIFY, writer.buffer, signal)
}

/** draft-behera-ldap-password-policy-10 §6.2. */
const POLICY_ERRORS: Readonly<Record<number, LdapRefusal>> = {
  3: 'change-not-allowed',
  4: 'change-not-allowed',
  5: 'new-password-unfit',
  6: 'new-password-unfit',
  7: 'change-not-allowed', // too young
  8: 'new-password-old',
}

/** Win32 errors in what Active Directory says (MS-ERREF §2.2): the old password was wrong, and the new one breaks a rule. */
const WRONG_PASSWORD = /^0*56:/
const AGAINST_RULES = /^0*52d:/i

const refusalOf = ({ code, said, policyError }: Outcome): LdapRefusal | null => {
  const byPolicy = policyError === null ? undefined : POLICY_ERRORS[policyError]
  if (byPolicy !== undefined) return byPolicy
  if (WRONG_PASSWORD.test(said)) return 'bind-refused'
  if (AGAINST_RULES.test(said) || code === 19) return 'new-password-unfit'
  // noSuchAttribute: Active Directory's copies compare the old value by themselves.
  if (code === 16 || code === 49) return 'bind-refused'
  return code === 50 || code === 53 || code === 2 ? 'change-not-allowed' : null
}

/** Puts a new password in the place of the old one, which the directory checks once more. Throws `DirectoryFault`. */
export const putPassword = async (
  schema: 'ad' | 'openldap',
  connection: DirectoryConnection,
  change: PasswordChange,
  signal: AbortSignal,
): Promise<Result<void>> => {
  const put = schema === 'ad' ? changeUnicodePwd : modifyPassword
  const outcome = await put(connection, change, signal)
  if (outcome.code === 0) return ok(undefined)
  const refusal = refusalOf(outcome)
  if (refusal === null) throw faultOfResult(outcome.code)
  return refuse(refusal, outcome.said)
}
