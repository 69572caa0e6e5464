import { createHash } from 'node:crypto'
import type { ProviderType } from './provider-common.ts'

export { identityText, isSubject } from '../shared/identity-text.ts'

/** Key of an identity. The subject is immutable; an address or a name, which change hands, is never part of it. */
export interface IdentityKey {
  poolId: string
  /** Name of the provider within the pool. */
  provider: string
  subject: string
}

export interface LinkedIdentity extends IdentityKey {
  providerType: ProviderType
  issuer: string | null
  /** The identity the profile was made by, not one that was connected later. */
  isPrimary: boolean
  linkedAt: Date
}

/** Cognito's limit for user names. */
const MOST_CHARACTERS = 128

/**
 * Name of a profile that a provider made: `ProviderName_subject`, as Cognito's. Two identities never share one: names of providers
 * have no underscore after the second character and at least three. A subject too long for a name is told by its hash.
 */
export const federatedUsername = ({ provider, subject }: Pick<IdentityKey, 'provider' | 'subject'>): string => {
  const plain = `${provider}_${subject}`
  // The mark is there so that nobody can name themselves like somebody else's hash.
  return plain.length <= MOST_CHARACTERS && !subject.startsWith('sha256:')
    ? plain
    : `${provider}_sha256:${createHash('sha256').update(subject).digest('base64url')}`
}

/** The `identities` claim, in Cognito's shape: every value a text, moments in epoch milliseconds. */
export const identitiesClaim = (identities: readonly LinkedIdentity[]): { [name in IdentityMember]: string | null }[] =>
  [...identities]
    .sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary) || a.linkedAt.getTime() - b.linkedAt.getTime())
    .map(({ subject, provider, providerType, issuer, isPrimary, linkedAt }) => ({
      userId: subject,
      providerName: provider,
      providerType,
      issuer,
      primary: String(isPrimary),
      dateCreated: String(linkedAt.getTime()),
    }))

type IdentityMember = 'userId' | 'providerName' | 'providerType' | 'issuer' | 'primary' | 'dateCreated'
