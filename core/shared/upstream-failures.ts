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
  'upstream-slow': { cognito: 'InternalErrorException', oauth: 'access_denied', http: 400, message: 'upstream.slow' },
  'upstream-stale': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 400,
    message: 'upstream.stale',
  },
  'upstream-unlinked': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 400,
    message: 'upstream.unlinked',
  },
  'upstream-incomplete': {
    cognito: 'InvalidParameterException',
    oauth: 'access_denied',
    http: 400,
    message: 'upstream.incomplete',
  },
  'upstream-link-only': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 400,
    message: 'upstream.linkOnly',
  },
  // Ours, where `upstream-refused` is the provider's own no
  'provider-not-offered': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 403,
    message: 'upstream.notOffered',
  },
  'provider-unknown': {
    cognito: 'ResourceNotFoundException',
    oauth: 'invalid_request',
    http: 404,
    message: 'upstream.providerUnknown',
  },
  'identity-taken': { cognito: 'AliasExistsException', oauth: null, http: 409, message: 'upstream.identityTaken' },
  'identity-unknown': {
    cognito: 'ResourceNotFoundException',
    oauth: null,
    http: 404,
    message: 'upstream.identityUnknown',
  },
  'upstream-tokens-missing': {
    cognito: 'ResourceNotFoundException',
    oauth: null,
    http: 404,
    message: 'upstream.tokensMissing',
  },
  'upstream-tokens-expired': {
    cognito: 'NotAuthorizedException',
    oauth: null,
    http: 400,
    message: 'upstream.tokensExpired',
  },
  'too-many-identities': {
    cognito: 'LimitExceededException',
    oauth: null,
    http: 400,
    message: 'upstream.tooManyIdentities',
  },
  'last-way-in': { cognito: 'InvalidParameterException', oauth: null, http: 403, message: 'upstream.lastWayIn' },
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
