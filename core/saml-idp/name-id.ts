import { createHmac } from 'node:crypto'
import { NAME_ID_FORMATS, type NameIdFormat } from '../federation/saml-settings.ts'
import type { User } from '../users/user.ts'
import type { SamlAppSettings } from './saml-app-settings.ts'

/**
 * Which of the client's formats answers a request; null: none, and the answer is `InvalidNameIDPolicy`. "Unspecified" leaves it
 * to us (SAML 2.0 Core §3.4.1.1).
 *
 * @param asked URN; null: not said
 */
export const nameIdFormatFor = (
  { nameIdFormats }: Pick<SamlAppSettings, 'nameIdFormats'>,
  asked: string | null,
): NameIdFormat | null => {
  if (asked === null || asked === NAME_ID_FORMATS.unspecified) return nameIdFormats[0] ?? null
  return nameIdFormats.find((format) => NAME_ID_FORMATS[format] === asked) ?? null
}

export interface NameIdFacts {
  clientId: string
  /** Of the client in the person's session. */
  sessionIndex: string
  user: Pick<User, 'sub' | 'username' | 'attributes'>
}

const derived = (secret: string, ...facts: readonly string[]): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url')).update(JSON.stringify(facts)).digest('base64url')

/**
 * What a person is called at one service provider; null: they have no such name.
 *
 * A persistent one is pairwise: the same for ever at this client, and no key to the same person at another (SAML 2.0 Core §8.3.7).
 * A transient one lasts for a session. An address has to be proven: whoever could choose one would be whom it belongs to (attack 60).
 *
 * @param secret of the pool, base64url (PairwiseSecrets)
 */
export const nameIdOf = (
  secret: string,
  format: NameIdFormat,
  { clientId, sessionIndex, user }: NameIdFacts,
): string | null => {
  switch (format) {
    case 'persistent':
      return derived(secret, 'persistent', clientId, user.sub)
    case 'transient':
      return `_${derived(secret, 'transient', clientId, user.sub, sessionIndex)}`
    case 'email':
      return user.attributes.email_verified === true ? String(user.attributes.email ?? '') || null : null
    case 'unspecified':
      return user.username
  }
}
