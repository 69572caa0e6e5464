const CLASSES = 'urn:oasis:names:tc:SAML:2.0:ac:classes:'

/**
 * RFC 8176 values of the contexts that say something about how somebody authenticated (SAML 2.0 Authentication Context §3.4, the
 * REFEDS profiles, and Microsoft's claim for several factors). Others are passed on as `acr` alone.
 */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  [`${CLASSES}Password`]: ['pwd'],
  [`${CLASSES}PasswordProtectedTransport`]: ['pwd'],
  [`${CLASSES}TimeSyncToken`]: ['otp'],
  [`${CLASSES}Kerberos`]: ['wia'],
  [`${CLASSES}Smartcard`]: ['sc'],
  [`${CLASSES}SmartcardPKI`]: ['sc', 'pin', 'mfa'],
  [`${CLASSES}TLSClient`]: ['pop'],
  [`${CLASSES}X509`]: ['pop'],
  [`${CLASSES}MobileTwoFactorContract`]: ['mfa'],
  [`${CLASSES}MobileTwoFactorUnregistered`]: ['mfa'],
  'https://refeds.org/profile/sfa': ['pwd'],
  'https://refeds.org/profile/mfa': ['mfa'],
  'http://schemas.microsoft.com/claims/multipleauthn': ['mfa'],
}

/** Null: the context does not say. */
export const authenticationMethods = (context: string | null): readonly string[] | null =>
  context !== null && Object.hasOwn(METHODS, context) ? (METHODS[context] ?? null) : null
