import type { FirstFactor, PoolSettings } from '../pools/pool-settings.ts'

/** Ways to begin that send something. */
export type CodeMethod = Extract<FirstFactor, 'email-code' | 'sms-code' | 'magic-link'>
/** Ways to begin that follow the name; a passkey is asked for with it. */
export type NamedMethod = Exclude<FirstFactor, 'passkey'>

export const CHANNELS: Readonly<Record<CodeMethod, 'email' | 'sms'>> = {
  'email-code': 'email',
  'magic-link': 'email',
  'sms-code': 'sms',
}

/**
 * What a person may begin with after the name, the same for every name. A code alone is never two factors, and another code
 * adds nothing to it: where the pool asks everybody for two, it is not offered (as Cognito has it).
 */
export const namedMethods = ({
  firstFactors,
  mfa,
}: Pick<PoolSettings, 'firstFactors' | 'mfa'>): readonly NamedMethod[] => {
  const methods = firstFactors.filter(
    (kind): kind is NamedMethod => kind !== 'passkey' && (kind === 'password' || mfa !== 'required'),
  )
  return methods.length === 0 ? ['password'] : methods
}

/** Whether people of this pool have passwords at all. */
export const takesPasswords = (settings: Pick<PoolSettings, 'firstFactors' | 'mfa'>): boolean =>
  namedMethods(settings).includes('password')

/** Whether a code or a link that is sent begins a sign-in. */
export const sendsFirstCodes = (settings: Pick<PoolSettings, 'firstFactors' | 'mfa'>): boolean =>
  namedMethods(settings).some((method) => method !== 'password')

/** Whether the sign-in page asks for the name alone: there is more than the password to go on with. */
export const asksNameFirst = (settings: Pick<PoolSettings, 'firstFactors' | 'mfa' | 'signInLayout'>): boolean =>
  settings.signInLayout === 'identifier-first' || sendsFirstCodes(settings)
