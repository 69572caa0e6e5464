import { ACR_MULTI_FACTOR, ACR_PHISHING_RESISTANT, ACR_SINGLE_FACTOR, type Acr, reaches } from '../factors/index.ts'
import type { AuthnRequest } from './authn-request.ts'

const CLASSES = 'urn:oasis:names:tc:SAML:2.0:ac:classes:'
const UNSPECIFIED = `${CLASSES}unspecified`
const PASSWORD = `${CLASSES}PasswordProtectedTransport`
const REFEDS_SINGLE = 'https://refeds.org/profile/sfa'
const REFEDS_MULTI = 'https://refeds.org/profile/mfa'

/** The level each class reference stands for here; null: any sign-in has it. Others are not understood. */
const LEVELS: Readonly<Record<string, Acr | null>> = {
  [UNSPECIFIED]: null,
  [`${CLASSES}Password`]: null,
  [PASSWORD]: null,
  [REFEDS_SINGLE]: null,
  [ACR_SINGLE_FACTOR]: null,
  [`${CLASSES}MobileTwoFactorContract`]: ACR_MULTI_FACTOR,
  [`${CLASSES}MobileTwoFactorUnregistered`]: ACR_MULTI_FACTOR,
  'http://schemas.microsoft.com/claims/multipleauthn': ACR_MULTI_FACTOR,
  [REFEDS_MULTI]: ACR_MULTI_FACTOR,
  [ACR_MULTI_FACTOR]: ACR_MULTI_FACTOR,
  [ACR_PHISHING_RESISTANT]: ACR_PHISHING_RESISTANT,
}

/** What is to be proven, and the class reference that the answer then carries. */
export interface WantedContext {
  /** Null: whatever the person shows. */
  level: Acr | null
  /** Null: the one that says best what was shown. */
  classRef: string | null
}

/**
 * The first of the contexts asked for that can be given (SAML 2.0 Core §3.3.2.2.1: they stand in order of preference). Null:
 * none can, and the answer is `NoAuthnContext`.
 *
 * `better` than a single factor is two; `maximum` would ask somebody to prove less than they can, and is not given.
 */
export const wantedContext = ({
  contexts,
  comparison,
}: Pick<AuthnRequest, 'contexts' | 'comparison'>): WantedContext | null => {
  if (contexts.length === 0) return { level: null, classRef: null }
  if (comparison === 'maximum') return null
  const known = contexts.filter((context) => Object.hasOwn(LEVELS, context))
  if (comparison === 'better') {
    const beaten = known.length === contexts.length && known.every((context) => LEVELS[context] === null)
    return beaten ? { level: ACR_MULTI_FACTOR, classRef: null } : null
  }
  const [first] = known
  return first === undefined ? null : { level: LEVELS[first] ?? null, classRef: comparison === 'exact' ? first : null }
}

/** Whether what was shown is what was asked for. */
export const meetsContext = ({ level }: WantedContext, acr: string | undefined): boolean =>
  level === null || reaches(acr, level)

/** The class reference of an assertion, by how the person was authenticated. */
export const classRefOf = (
  { classRef }: WantedContext,
  { acr, amr }: { acr: string | undefined; amr: readonly string[] },
): string => {
  if (classRef !== null) return classRef
  if (reaches(acr, ACR_MULTI_FACTOR)) return REFEDS_MULTI
  return amr.includes('pwd') ? PASSWORD : UNSPECIFIED
}
