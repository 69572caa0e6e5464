import type { IdentityProvider } from '#core/federation/index.ts'
import type { ProviderCheck } from '#core/federation/ports.ts'
import { type FederationPortsOptions, federationPorts } from './federation-ports.ts'

export type ProviderChecksOptions = Omit<FederationPortsOptions, 'watch'>

/** Asks a provider, whatever it speaks, and says line by line what is right and what is wrong. */
export const providerChecks = (options: ProviderChecksOptions) => {
  const { checkOf, close } = federationPorts(options)
  return async (provider: IdentityProvider): ReturnType<ProviderCheck['check']> => {
    try {
      return await (await checkOf(provider)).check()
    } finally {
      close()
    }
  }
}
