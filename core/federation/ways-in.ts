import type { FactorStore } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { UserWithPassword } from '../users/ports.ts'
import { isMadeByDirectory } from './directory-of-person.ts'
import type { IdentityKey, LinkedIdentity } from './federated-profile.ts'
import { mayUnlink } from './link-decision.ts'
import type { IdentityStore, ProviderReader } from './ports.ts'
import { signsPeopleIn } from './provider-common.ts'

export interface WaysInPorts {
  factors: Pick<FactorStore, 'list'>
  identities: Pick<IdentityStore, 'list'>
  providers: Pick<ProviderReader, 'list'>
}

export interface Ways {
  hasPassword: boolean
  passkeys: number
  identities: readonly LinkedIdentity[]
  /** Providers that sign people in. */
  providers: readonly string[]
}

/**
 * How a person gets in. A password counts where passwords begin a sign-in, and so does a passkey; a code by mail does not: whoever
 * lost the mailbox with the identity would be outside. The password of an account that a directory made is no way in of its own:
 * nobody leaves their directory with what it vouched for.
 */
export const waysIn =
  ({ factors, identities, providers }: WaysInPorts) =>
  async (pool: Pool, { user, password }: UserWithPassword): Promise<Ways> => {
    const [own, all, theirs] = await Promise.all([
      factors.list(pool.id, user.sub),
      providers.list(pool.id),
      identities.list(pool.id, user.sub),
    ])
    const { firstFactors } = pool.settings
    const isOwn = password !== null && !isMadeByDirectory(all, theirs)
    return {
      hasPassword: isOwn && firstFactors.includes('password'),
      passkeys: firstFactors.includes('passkey') ? own.filter(({ kind }) => kind === 'passkey').length : 0,
      identities: theirs,
      providers: all.flatMap(({ name, settings }) => (signsPeopleIn(settings) ? [name] : [])),
    }
  }

/** Whether nobody could sign in to the account any more without an identity. */
export const isLastWayIn = (
  { identities, providers, ...others }: Ways,
  { provider, subject }: Pick<IdentityKey, 'provider' | 'subject'>,
): boolean =>
  !mayUnlink({
    ...others,
    otherIdentities: identities.filter(
      (each) => providers.includes(each.provider) && (each.provider !== provider || each.subject !== subject),
    ).length,
  })
