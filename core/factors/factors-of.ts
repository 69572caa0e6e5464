import type { Attributes } from '../users/user.ts'
import type { Factor, FactorKind } from './factor.ts'

export interface WhoseFactors {
  poolId: string
  sub: string
  attributes: Attributes
  createdAt: Date
  mfa: 'off' | 'optional' | 'required'
  /** Kinds that may stand for a second factor in this pool. */
  allowed: readonly FactorKind[]
}

/** Attribute and proof of the kinds whose codes go to an address of the person. */
const ADDRESSES = {
  sms: ['phone_number', 'phone_number_verified'],
  email: ['email', 'email_verified'],
} as const satisfies Partial<Record<FactorKind, readonly [string, string]>>

/**
 * What a person can be asked for: what they set up of the kinds the pool allows. Where the pool asks everybody for a second
 * factor, a proven phone number or address serves whoever has set up nothing (Cognito with MFA required); beside a factor
 * that was chosen it would be a weaker way around it, and is none. Where the pool asks nobody, every proven address resets the
 * password; should an app ask all the same, its codes are no second factor (attack 52).
 */
export const factorsOf = (
  { poolId, sub, attributes, createdAt, mfa, allowed }: WhoseFactors,
  enrolled: readonly Factor[],
): readonly Factor[] => {
  const chosen = enrolled.filter(
    ({ kind }) => allowed.includes(kind) && !(mfa === 'off' && Object.hasOwn(ADDRESSES, kind)),
  )
  if (mfa !== 'required' || chosen.length > 0) return chosen
  return (['sms', 'email'] as const).flatMap((kind): Factor[] => {
    const [attribute, proof] = ADDRESSES[kind]
    const address = attributes[attribute]
    if (!allowed.includes(kind) || typeof address !== 'string' || attributes[proof] !== true) return []
    const nothing = { name: null, credentialId: null, passkey: null, counter: 0, lastUsedAt: null }
    return [{ poolId, sub, id: kind, kind, address, createdAt, ...nothing }]
  })
}

/**
 * Of the proven addresses a forgotten password could be reset by, those whose codes are no second factor of this person
 * (attack 52): whoever holds the one mailbox or phone would otherwise make the password and show the second factor with it.
 * Another factor beside it does not help, since a sign-in may choose the weaker one. Cognito has the same rule.
 */
export const recoveryChannels = <Channel extends { channel: 'sms' | 'email'; address: string }>(
  proven: readonly Channel[],
  usable: readonly Pick<Factor, 'kind' | 'address'>[],
): readonly Channel[] =>
  proven.filter(
    ({ channel, address }) => !usable.some((factor) => factor.kind === channel && factor.address === address),
  )
