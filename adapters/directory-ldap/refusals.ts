import type { FailureCode } from '#core/shared/failures.ts'
import { fail, type Result } from '#core/shared/result.ts'

/** Every reason for which nobody is signed in, as the operator reads it, below what the person is told. */
const REASONS = {
  'wrong-credentials': {
    'login-malformed': 'what was typed can be nobody’s name: empty, too long, or with control characters',
    'password-unsendable': 'the password is empty, has a NUL in it, or is longer than 1,024 bytes: it was not sent',
    'entry-missing': 'no entry has this name, or it does not pass the filter',
    'several-entries': 'several entries have this name, and none of them is chosen',
    'bind-refused': 'the directory did not take the password for this entry',
  },
  'user-disabled': {
    'account-disabled': 'the account is disabled there',
    'account-expired': 'the account has run out there',
    'account-locked': 'the account is locked there, after too many wrong passwords',
    'sign-in-not-permitted': 'the account may not sign in now, or not from here',
  },
  'password-expired': {
    'password-expired': 'the password was right and has run out',
    'password-must-change': 'the password was right and has to be changed before anything else',
  },
  'upstream-unreachable': {
    'address-refused': 'the host has no address, or one that may not be called',
    'not-reached': 'no connection came about',
    'connection-lost': 'the connection ended before the answer',
    'certificate-refused': 'the certificate is not trusted, is for another name, or is not valid now',
    'tls-failed': 'TLS did not come about',
    'starttls-refused': 'the server does not start TLS on this connection',
    'plain-refused': 'the address is not this machine’s, and the connection would be without TLS',
    'tls-required': 'the server wants more protection than the connection has',
    'server-busy': 'the server says that it cannot answer now',
    'too-many-waiting': 'too many sign-ins wait for a connection already',
    'service-refused': 'the service account was not taken, or may not look people up',
    'service-secret-missing': 'there is no password for the service account, or an empty one',
  },
  'upstream-slow': { 'too-slow': 'no answer in time' },
  'upstream-invalid': {
    'answer-malformed': 'the answer is not LDAP, or answers something else',
    'answer-too-large': 'the answer is larger than any honest one',
    'starttls-injected': 'something was sent before TLS that would have been read as sent within it',
    referral: 'the server refers to another one; none is followed',
    'result-unexpected': 'the server answered with a result that has no place here',
    'filter-unreadable': 'a filter of the settings cannot be read',
    'entry-unnamed': 'the entry that was found has no distinguished name',
    'subject-missing': 'the entry has no single, lasting subject',
    'account-state-unreadable': 'the entry says whether it is disabled or expired in a form that cannot be read',
    'values-too-large': 'the entry has values or groups beyond 64 KiB, or more than 1,000 groups',
  },
  'new-password-empty': { 'new-password-missing': 'the new password is empty' },
  'new-password-refused': { 'new-password-unfit': 'the directory’s rules do not take the new password' },
  'new-password-same': { 'new-password-old': 'the new password is the current one, or was used before' },
  'password-change-refused': {
    'change-not-allowed': 'the directory does not let this person change this password now',
  },
} as const satisfies Partial<Record<FailureCode, Record<string, string>>>

type Reasons = typeof REASONS
export type LdapRefusal = { [Code in keyof Reasons]: keyof Reasons[Code] }[keyof Reasons]

/** Reason → the failure that it is, and what it means for the operator. */
export const LDAP_REFUSALS = Object.fromEntries(
  Object.entries(REASONS).flatMap(([code, reasons]) =>
    Object.entries(reasons).map(([reason, means]) => [reason, { code: code as FailureCode, means }]),
  ),
) as Readonly<Record<LdapRefusal, { code: FailureCode; means: string }>>

const DETAIL_CHARACTERS = 160

/** A log line is one line: what the other side sent is cut, and of printable characters alone. */
export const forTheLog = (text: string): string =>
  text
    .slice(0, DETAIL_CHARACTERS)
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ')
    .trim()

/** Nobody is signed in, for this reason. */
export const refuse = (refusal: LdapRefusal, detail?: string): Result<never> =>
  fail(LDAP_REFUSALS[refusal].code, {
    because: detail === undefined || detail === '' ? refusal : `${refusal}: ${forTheLog(detail)}`,
  })
