import type { Face } from './failures.ts'

/** Failures that have their cause at somebody else's: an identity provider, or a directory. */
export const UPSTREAM_FAILURES = {
  'upstream-refused': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 403,
    message: 'upstream.refused',
  },
  'upstream-invalid': {
    cognito: 'InvalidParameterException',
    oauth: 'access_denied',
    http: 400,
    message: 'upstream.invalid',
  },
  'upstream-unreachable': {
    cognito: 'InternalErrorException',
    oauth: 'access_denied',
    http: 400,
    message: 'upstream.unreachable',
  },
  // A directory, where the password is theirs
  'password-expired': {
    cognito: 'PasswordResetRequiredException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.passwordExpired',
  },
  'new-password-refused': {
    cognito: 'InvalidPasswordException',
    oauth: null,
    http: 400,
    message: 'newpassword.refused',
  },
  'password-change-refused': {
    cognito: 'NotAuthorizedException',
    oauth: null,
    http: 403,
    message: 'newpassword.changeRefused',
  },
} as const satisfies Record<string, Face>
