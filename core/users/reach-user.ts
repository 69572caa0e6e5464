import type { Pool } from '../pools/pool-settings.ts'
import { bestLocale, DEFAULT_LOCALE, type Locale } from '../shared/locales.ts'
import type { Attributes, User } from './user.ts'

export type Channel = 'email' | 'sms'

export interface Destination {
  channel: Channel
  address: string
}

/** Language a message to this person is in: their own, else the pool's. */
export const localeOf = (pool: Pool, attributes: Attributes): Locale =>
  bestLocale([String(attributes.locale ?? ''), pool.settings.defaultLocale]) ?? DEFAULT_LOCALE

/**
 * Where a message reaches a person: by the channel asked for, else by mail before SMS, which costs nothing and is no second
 * factor. Null when there is no address, or none that is proven where proof is demanded.
 */
export const destinationOf = (
  attributes: Attributes,
  proof: 'only-proven' | 'proven-first' | 'any',
  wanted?: Channel,
): Destination | null => {
  const addresses = [
    { channel: 'email', address: attributes.email, isProven: attributes.email_verified === true },
    { channel: 'sms', address: attributes.phone_number, isProven: attributes.phone_number_verified === true },
  ] as const
  const reachable = (isProven: (proven: boolean) => boolean): Destination | null => {
    for (const each of addresses) {
      const { channel, address } = each
      if (typeof address === 'string' && isProven(each.isProven) && (wanted === undefined || wanted === channel))
        return { channel, address }
    }
    return null
  }
  const proven = proof === 'any' ? null : reachable((isProven) => isProven)
  return proven ?? (proof === 'only-proven' ? null : reachable(() => true))
}

/** What a person would type to sign in. */
export const shownName = (pool: Pool, { username, attributes }: Pick<User, 'username' | 'attributes'>): string => {
  if (pool.settings.signInNames.includes('username')) return username
  const name = pool.settings.signInNames.map((kind) => attributes[kind]).find((value) => typeof value === 'string')
  return typeof name === 'string' ? name : username
}
