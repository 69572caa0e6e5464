import { ldapProvider } from '#adapters/directory-ldap/ldap-provider.ts'
import { guardedLookup } from '#adapters/guarded-fetch/guarded-lookup.ts'
import type { IdentityProvider } from '#core/federation/index.ts'
import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type { ProviderCheck } from '#core/federation/ports.ts'
import { type FederationPortsOptions, federationPorts } from './federation-ports.ts'

/** Nobody leaves for a provider here, and nobody returns. */
const UNWATCHED: FederationPortsOptions['watch'] = { left: () => undefined, returned: () => undefined }

export type ProviderChecksOptions = Omit<FederationPortsOptions, 'watch'>

/** Asks a provider, whatever it speaks, and says line by line what is right and what is wrong. */
export const providerChecks = (options: ProviderChecksOptions) => {
  const { providers, engineFor } = federationPorts({ ...options, watch: UNWATCHED })
  const { mode, CALL_PRIVATE_NETWORKS } = options.config

  const checkDirectory = async ({ poolId, name }: IdentityProvider, settings: LdapProviderSettings) => {
    const directory = ldapProvider({
      settings,
      lookup: guardedLookup({ allowPrivate: CALL_PRIVATE_NETWORKS || mode === 'development' }),
      async readSecret() {
        const secret = await providers.secret(poolId, name)
        if (secret === null) throw new Error('the provider has no secret')
        return secret
      },
      clock: options.clock,
    })
    try {
      return await directory.check()
    } finally {
      directory.close()
    }
  }

  return async (provider: IdentityProvider): ReturnType<ProviderCheck['check']> =>
    provider.settings.kind === 'ldap'
      ? checkDirectory(provider, provider.settings)
      : (await engineFor(provider)).check()
}
