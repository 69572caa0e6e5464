import type { UserStatus } from '../users/user.ts'
import type { IdentityKey } from './federated-profile.ts'
import { type ProviderTrust, signsPeopleIn } from './provider-common.ts'

/** Cognito's limit. */
export const MOST_LINKED_IDENTITIES = 5

/** An account as far as linking is concerned. */
export interface LinkableUser {
  poolId: string
  sub: string
  enabled: boolean
  status: UserStatus
  email: string | null
  isEmailVerified: boolean
  linkedIdentities: number
}

export interface LinkQuestion {
  provider: Pick<ProviderTrust, 'name' | 'enabled' | 'linkOnly' | 'trustsEmail'>
  /** With the address as it was mapped: verified only where the provider is trusted with it. */
  identity: IdentityKey & { email: string | null; isEmailVerified: boolean }
  /** Whose identity it is already; null: nobody's. */
  owner: LinkableUser | null
  /** The account that has the identity's address; null: none. */
  localUser: LinkableUser | null
}

export type LinkDecision =
  | { kind: 'sign-in'; sub: string }
  /** A profile of its own. `because` says why an account with the same address was left alone; null: there is none. */
  | { kind: 'create'; because: SeparateReason | null }
  /** The linking page: prove the account, then connect. Nothing is connected before. */
  | { kind: 'offer'; sub: string }
  | { kind: 'refuse'; because: LinkRefusal }

export type SeparateReason = 'address-unproven-there' | 'address-unproven-here' | 'address-differs' | 'account-full'
export type LinkRefusal = 'provider-disabled' | 'link-only' | 'user-disabled' | 'mixed-up'

const isUsable = ({ enabled, status }: LinkableUser): boolean => enabled && status !== 'DELETING'

/** Letter case of an address is no difference between two people; Unicode look-alikes are. */
const sameAddress = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()

const forStranger = (
  provider: LinkQuestion['provider'],
  identity: LinkQuestion['identity'],
  localUser: LinkableUser,
): LinkDecision => {
  if (!sameAddress(identity.email, localUser.email)) return { kind: 'create', because: 'address-differs' }
  if (provider.trustsEmail === 'never' || !identity.isEmailVerified)
    return { kind: 'create', because: 'address-unproven-there' }
  // Whoever signed up here with somebody else's address and waits for them must not be joined by them.
  if (!localUser.isEmailVerified) return { kind: 'create', because: 'address-unproven-here' }
  // The address is proven to be the same person's: a closed account is not left through another door.
  if (!isUsable(localUser)) return { kind: 'refuse', because: 'user-disabled' }
  if (localUser.linkedIdentities >= MOST_LINKED_IDENTITIES) return { kind: 'create', because: 'account-full' }
  return { kind: 'offer', sub: localUser.sub }
}

/**
 * What becomes of somebody whom a provider has named. Never connects anything by itself (attacks 60 to 65): the most there is is an
 * offer, and that for an address proven on both sides alone.
 */
export const linkDecision = ({ provider, identity, owner, localUser }: LinkQuestion): LinkDecision => {
  const isMixedUp =
    identity.provider !== provider.name ||
    [owner, localUser].some((user) => user !== null && user.poolId !== identity.poolId)
  if (isMixedUp) return { kind: 'refuse', because: 'mixed-up' }
  if (!signsPeopleIn(provider)) return { kind: 'refuse', because: provider.enabled ? 'link-only' : 'provider-disabled' }
  if (owner !== null)
    return isUsable(owner) ? { kind: 'sign-in', sub: owner.sub } : { kind: 'refuse', because: 'user-disabled' }
  return localUser === null ? { kind: 'create', because: null } : forStranger(provider, identity, localUser)
}

/** Ways into an account; an identity of a provider that is switched off or only connected is none. */
export interface WaysIn {
  hasPassword: boolean
  passkeys: number
  otherIdentities: number
}

/** Whether a person may remove an identity: never the last way in. */
export const mayUnlink = ({ hasPassword, passkeys, otherIdentities }: WaysIn): boolean =>
  hasPassword || passkeys > 0 || otherIdentities > 0
