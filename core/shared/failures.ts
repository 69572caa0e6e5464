import { UPSTREAM_FAILURES } from './upstream-failures.ts'

/** How one expected failure looks on every face. The words live in `locales/`, never here. */
export interface Face {
  /** `__type` of the Cognito-shaped JSON reply. */
  cognito: string
  /** RFC 6749 §4.1.2.1 and §5.2; null where no OAuth client can meet it. */
  oauth: 'invalid_grant' | 'access_denied' | 'invalid_request' | null
  /** Status on faces that answer with one. Hosted pages always answer 303 and show the message on the same page. */
  http: 400 | 403 | 404 | 409 | 429
  /** Key in `locales/*.json` below `message`. */
  message: string
  /** Shown instead wherever the pool hides whether an account exists. */
  maskedAs?: string
}

export const FAILURES = {
  // Signing in
  'identifier-empty': {
    cognito: 'InvalidParameterException',
    oauth: 'invalid_request',
    http: 400,
    message: 'identifier.empty',
  },
  'identifier-format': {
    cognito: 'InvalidParameterException',
    oauth: 'invalid_request',
    http: 400,
    message: 'identifier.format',
  },
  'password-empty': {
    cognito: 'InvalidParameterException',
    oauth: 'invalid_request',
    http: 400,
    message: 'password.empty',
  },
  'wrong-credentials': {
    cognito: 'NotAuthorizedException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.failed',
  },
  'user-unknown': {
    cognito: 'UserNotFoundException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.failed',
    maskedAs: 'wrong-credentials',
  },
  'user-disabled': {
    cognito: 'NotAuthorizedException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.failed',
    maskedAs: 'wrong-credentials',
  },
  'user-unconfirmed': {
    cognito: 'UserNotConfirmedException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.unconfirmed',
  },
  'password-reset-required': {
    cognito: 'PasswordResetRequiredException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.resetRequired',
  },
  'temporary-password-expired': {
    cognito: 'NotAuthorizedException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'signin.temporaryExpired',
  },
  'password-unchecked': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 403,
    message: 'signin.unchecked',
  },
  'too-many-attempts': {
    cognito: 'LimitExceededException',
    oauth: 'access_denied',
    http: 429,
    message: 'signin.throttled',
  },
  'too-many-requests': {
    cognito: 'TooManyRequestsException',
    oauth: 'access_denied',
    http: 429,
    message: 'request.throttled',
  },
  // Codes and links
  'code-empty': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'code.empty' },
  'code-short': { cognito: 'CodeMismatchException', oauth: null, http: 400, message: 'code.short' },
  'code-long': { cognito: 'CodeMismatchException', oauth: null, http: 400, message: 'code.long' },
  'code-chars': { cognito: 'CodeMismatchException', oauth: null, http: 400, message: 'code.chars' },
  'code-mismatch': { cognito: 'CodeMismatchException', oauth: null, http: 400, message: 'code.wrong' },
  'code-expired': { cognito: 'ExpiredCodeException', oauth: null, http: 400, message: 'code.expired' },
  'code-used': { cognito: 'ExpiredCodeException', oauth: null, http: 400, message: 'code.used' },
  'code-attempts-spent': { cognito: 'TooManyFailedAttemptsException', oauth: null, http: 429, message: 'code.spent' },
  'code-too-soon': { cognito: 'LimitExceededException', oauth: null, http: 429, message: 'code.toosoon' },
  'code-send-failed': { cognito: 'CodeDeliveryFailureException', oauth: null, http: 400, message: 'code.sendfailed' },
  'destination-refused': {
    cognito: 'InvalidParameterException',
    oauth: null,
    http: 400,
    message: 'code.destination',
  },
  'link-used': { cognito: 'ExpiredCodeException', oauth: null, http: 400, message: 'link.used' },
  'link-expired': { cognito: 'ExpiredCodeException', oauth: null, http: 400, message: 'link.expired' },
  'link-unusable': { cognito: 'ExpiredCodeException', oauth: null, http: 400, message: 'link.unusable' },
  // Factors
  'factor-exists': { cognito: 'InvalidParameterException', oauth: null, http: 409, message: 'factor.exists' },
  'factor-missing': { cognito: 'ResourceNotFoundException', oauth: null, http: 404, message: 'factor.missing' },
  'device-missing': { cognito: 'ResourceNotFoundException', oauth: null, http: 404, message: 'factor.deviceMissing' },
  'factor-unusable': { cognito: 'NotAuthorizedException', oauth: 'access_denied', http: 403, message: 'mfa.unusable' },
  'risk-blocked': { cognito: 'NotAuthorizedException', oauth: 'access_denied', http: 403, message: 'risk.blocked' },
  'sign-in-missing': { cognito: 'ResourceNotFoundException', oauth: null, http: 404, message: 'risk.signInMissing' },
  'sign-in-answered': { cognito: 'InvalidParameterException', oauth: null, http: 409, message: 'risk.signInAnswered' },
  'factor-clock': { cognito: 'EnableSoftwareTokenMFAException', oauth: null, http: 400, message: 'mfa.clock' },
  'time-code-mismatch': {
    cognito: 'EnableSoftwareTokenMFAException',
    oauth: null,
    http: 400,
    message: 'mfa.codeWrong',
  },
  'factor-code-used': { cognito: 'ExpiredCodeException', oauth: null, http: 400, message: 'mfa.codeUsed' },
  'factor-attempts-spent': {
    cognito: 'LimitExceededException',
    oauth: 'access_denied',
    http: 429,
    message: 'mfa.spent',
  },
  'passkey-empty': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'passkey.empty' },
  'passkey-unknown': {
    cognito: 'NotAuthorizedException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'passkey.unknown',
  },
  'passkey-refused': {
    cognito: 'NotAuthorizedException',
    oauth: 'invalid_grant',
    http: 400,
    message: 'passkey.refused',
  },
  'passkey-cloned': { cognito: 'NotAuthorizedException', oauth: 'invalid_grant', http: 400, message: 'passkey.cloned' },
  'passkey-limit': { cognito: 'LimitExceededException', oauth: null, http: 400, message: 'passkey.limit' },
  'recovery-code-mismatch': {
    cognito: 'CodeMismatchException',
    oauth: null,
    http: 400,
    message: 'mfa.recoveryCodeWrong',
  },
  'recovery-codes-unsaved': {
    cognito: 'InvalidParameterException',
    oauth: null,
    http: 400,
    message: 'mfa.codesUnsaved',
  },
  // The person's own account pages
  'proof-not-fresh': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 403,
    message: 'account.notFresh',
  },
  'last-factor': { cognito: 'InvalidParameterException', oauth: null, http: 403, message: 'account.lastFactor' },
  'session-missing': {
    cognito: 'ResourceNotFoundException',
    oauth: null,
    http: 404,
    message: 'account.sessionMissing',
  },
  'contact-unchanged': {
    cognito: 'InvalidParameterException',
    oauth: null,
    http: 400,
    message: 'account.contactUnchanged',
  },
  'export-missing': { cognito: 'ResourceNotFoundException', oauth: null, http: 404, message: 'account.exportMissing' },
  'form-stale': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'account.formStale' },
  // Identity providers and directories
  ...UPSTREAM_FAILURES,
  // New passwords
  'new-password-empty': { cognito: 'InvalidPasswordException', oauth: null, http: 400, message: 'newpassword.empty' },
  'new-password-short': { cognito: 'InvalidPasswordException', oauth: null, http: 400, message: 'newpassword.short' },
  'new-password-long': { cognito: 'InvalidPasswordException', oauth: null, http: 400, message: 'newpassword.long' },
  'new-password-rules': { cognito: 'InvalidPasswordException', oauth: null, http: 400, message: 'newpassword.rules' },
  'new-password-common': { cognito: 'InvalidPasswordException', oauth: null, http: 400, message: 'newpassword.common' },
  'new-password-breached': {
    cognito: 'InvalidPasswordException',
    oauth: null,
    http: 400,
    message: 'newpassword.breached',
  },
  'new-password-unchecked': {
    cognito: 'InvalidPasswordException',
    oauth: null,
    http: 400,
    message: 'newpassword.unchecked',
  },
  'new-password-same': {
    cognito: 'PasswordHistoryPolicyViolationException',
    oauth: null,
    http: 400,
    message: 'newpassword.same',
  },
  // Signing up and attributes
  'sign-up-closed': { cognito: 'NotAuthorizedException', oauth: 'access_denied', http: 403, message: 'signup.closed' },
  'email-domain-refused': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'signup.domain' },
  'name-taken': { cognito: 'UsernameExistsException', oauth: null, http: 409, message: 'signup.taken' },
  'attribute-missing': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'attribute.missing' },
  'attribute-format': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'attribute.format' },
  'attribute-immutable': {
    cognito: 'InvalidParameterException',
    oauth: null,
    http: 400,
    message: 'attribute.immutable',
  },
  'attribute-unknown': { cognito: 'InvalidParameterException', oauth: null, http: 400, message: 'attribute.unknown' },
  // Journeys
  'flow-expired': { cognito: 'NotAuthorizedException', oauth: 'access_denied', http: 400, message: 'flow.expired' },
  'account-closing': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 403,
    message: 'account.closing',
  },
  'consent-refused': {
    cognito: 'NotAuthorizedException',
    oauth: 'access_denied',
    http: 403,
    message: 'consent.refused',
  },
  'trigger-refused': {
    cognito: 'UserLambdaValidationException',
    oauth: 'access_denied',
    http: 403,
    message: 'trigger.refused',
  },
  // Administration
  'pool-unknown': {
    cognito: 'ResourceNotFoundException',
    oauth: 'invalid_request',
    http: 404,
    message: 'admin.poolUnknown',
  },
  'client-unknown': {
    cognito: 'ResourceNotFoundException',
    oauth: 'invalid_request',
    http: 404,
    message: 'admin.clientUnknown',
  },
  'group-unknown': { cognito: 'ResourceNotFoundException', oauth: null, http: 404, message: 'admin.groupUnknown' },
  'resource-server-unknown': {
    cognito: 'ResourceNotFoundException',
    oauth: null,
    http: 404,
    message: 'admin.resourceServerUnknown',
  },
  'secret-unknown': { cognito: 'ResourceNotFoundException', oauth: null, http: 404, message: 'admin.secretUnknown' },
  'user-missing': { cognito: 'UserNotFoundException', oauth: null, http: 404, message: 'admin.userMissing' },
  'already-exists': { cognito: 'ResourceConflictException', oauth: null, http: 409, message: 'admin.alreadyExists' },
  'settings-refused': {
    cognito: 'InvalidParameterException',
    oauth: null,
    http: 400,
    message: 'admin.settingsRefused',
  },
  'state-refused': { cognito: 'UnsupportedUserStateException', oauth: null, http: 409, message: 'admin.stateRefused' },
} as const satisfies Record<string, Face>

export type FailureCode = keyof typeof FAILURES

/**
 * The failure as it may be shown: in a pool that hides accounts, what would tell whether one exists becomes the
 * ordinary refusal. The only place where masking happens.
 */
export const masked = (code: FailureCode, hidesAccounts: boolean): FailureCode => {
  const face: Face = FAILURES[code]
  return hidesAccounts && face.maskedAs !== undefined ? (face.maskedAs as FailureCode) : code
}
