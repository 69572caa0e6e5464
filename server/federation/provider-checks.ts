import type { IdentityProvider } from '#core/federation/index.ts'
import type { ProviderCheck } from '#core/federation/ports.ts'
import { type FederationPortsOptions, federationPorts } from './federation-ports.ts'

/** Nobody leaves for a provider here, and nobody returns. */
const UNWATCHED: FederationPortsOptions['watch'] = { left: () => undefined, returned: () => undefined }

export type ProviderChecksOptions = Omit<FederationPortsOptions, 'watch'>

/** Asks a provider, whatever it speaks, and says line by line what is right and what is wrong. */
export const providerChecks = (options: ProviderChecksOptions) => {
  const { checkOf, close } = federationPorts({ ...options, watch: UNWATCHED })
  return async (provider: IdentityProvider): ReturnType<ProviderCheck['check']> => {
    try {
      return await (await checkOf(provider)).check()
    } finally {
      close()
    }
  }
}
