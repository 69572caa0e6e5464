import { systemClock } from '#adapters/clock/system-clock.ts'
import { type LdapProvider, ldapProvider } from '#adapters/directory-ldap/ldap-provider.ts'
import { guardedLookup } from '#adapters/guarded-fetch/guarded-lookup.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import type { GuardedLookup, ProviderStore } from '#core/federation/ports.ts'
import type { Clock } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'

export interface DirectoryParts {
  secretOf: ProviderStore['secret']
  lookup: GuardedLookup
  clock: Clock
}

export interface Directories {
  /** The same one for as long as the settings stay: it keeps connections. Throws for a provider that is no directory. */
  directoryOf(provider: IdentityProvider): LdapProvider
  /** Ends the connections that are kept; what is asked afterwards is asked anew. */
  close(): void
}

/** Directories kept; a fleet of pools with more than these connects some of them anew. */
const MOST_DIRECTORIES = 200

/** Directories by provider, each made when it is first asked for, and closed when its settings changed or others were asked since. */
export const directories = ({ secretOf, lookup, clock }: DirectoryParts): Directories => {
  const made = new Map<string, { stamp: number; directory: LdapProvider }>()
  const make = ({ poolId, name, settings }: IdentityProvider): LdapProvider => {
    if (settings.kind !== 'ldap') throw new Error('a provider that people are sent to, and no directory')
    return ldapProvider({
      settings,
      lookup,
      clock,
      async readSecret() {
        const secret = await secretOf(poolId, name)
        if (secret === null) throw new Error('the provider has no secret')
        return secret
      },
    })
  }
  const forget = (key: string): void => {
    made.get(key)?.directory.close()
    made.delete(key)
  }
  return {
    directoryOf(provider) {
      const [key, stamp] = [JSON.stringify([provider.poolId, provider.name]), provider.updatedAt.getTime()]
      const known = made.get(key)
      if (known !== undefined && known.stamp !== stamp) forget(key)
      const directory = known?.stamp === stamp ? known.directory : make(provider)
      // The one that was asked least recently goes first.
      made.delete(key)
      const [oldest] = made.size >= MOST_DIRECTORIES ? made.keys() : []
      if (oldest !== undefined) forget(oldest)
      made.set(key, { stamp, directory })
      return directory
    },
    close() {
      for (const key of [...made.keys()]) forget(key)
    },
  }
}

/** Over the deployment's networks. */
export const directoriesOver = (
  { mode, CALL_PRIVATE_NETWORKS }: Pick<Config, 'mode' | 'CALL_PRIVATE_NETWORKS'>,
  { secretOf }: Pick<DirectoryParts, 'secretOf'>,
): Directories =>
  directories({
    secretOf,
    // A developer's directory runs on the same machine.
    lookup: guardedLookup({ allowPrivate: CALL_PRIVATE_NETWORKS || mode === 'development' }),
    clock: systemClock,
  })
