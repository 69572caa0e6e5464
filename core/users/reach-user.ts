import type { MessageRequest } from '../messages/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { bestLocale, DEFAULT_LOCALE, type Locale } from '../shared/locales.ts'
import type { Attributes, User } from './user.ts'

export type Channel = 'email' | 'sms'

export interface Destination {
  channel: Channel
  to: string
}

/** Language a message to this person is in: their own, else the pool's. */
export const localeOf = (pool: Pool, attributes: Attributes): Locale =>
  bestLocale([String(attributes.locale ?? ''), pool.settings.defaultLocale]) ?? DEFAULT_LOCALE

/**
 * Where a message reaches a person: by the channel asked for, else by mail before SMS. Null when there is no address, or
 * none that is proven where proof is needed.
 */
export const destinationOf = (
  attributes: Attributes,
  wanted: Channel | undefined,
  needsProof: boolean,
): Destination | null => {
  const addresses = [
    { channel: 'email', to: attributes.email, isProven: attributes.email_verified === true },
    { channel: 'sms', to: attributes.phone_number, isProven: attributes.phone_number_verified === true },
  ] as const
  for (const { channel, to, isProven } of addresses) {
    if (typeof to === 'string' && (isProven || !needsProof) && (wanted === undefined || wanted === channel))
      return { channel, to }
  }
  return null
}

/** What a person would type to sign in. */
export const shownName = (pool: Pool, { username, attributes }: Pick<User, 'username' | 'attributes'>): string => {
  if (pool.settings.signInNames.includes('username')) return username
  const name = pool.settings.signInNames.map((kind) => attributes[kind]).find((value) => typeof value === 'string')
  return typeof name === 'string' ? name : username
}

/** What every message of an administrator's act has in common. */
export const messageTo = (
  pool: Pool,
  user: User,
  destination: Destination,
  eventId: string,
): Pick<MessageRequest, 'pool' | 'channel' | 'to' | 'about'> & { locale: Locale } => ({
  pool,
  channel: destination.channel,
  to: destination.to,
  locale: localeOf(pool, user.attributes),
  about: { clientId: null, eventId, username: user.username, attributes: user.attributes, clientMetadata: {} },
})
