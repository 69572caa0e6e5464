import type { Database } from '#adapters/postgres/database.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgSamlKeys } from '#adapters/postgres/pg-saml-keys.ts'
import { pgUnsolicitedIdentities } from '#adapters/postgres/pg-unsolicited-identities.ts'
import { pgUpstreamSessions } from '#adapters/postgres/pg-upstream-sessions.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { selfSignedCertificates } from '#adapters/saml/self-signed-certificate.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import type { ProviderCheck, TokenRefreshes } from '#core/federation/ports.ts'
import type { SamlProviderSettings } from '#core/federation/saml-settings.ts'
import type { FederationPorts, FederationWatch } from '#core/flows/ports.ts'
import type { PoolLinks } from '#core/pools/ports.ts'
import type { Clock } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'
import type { ringOf } from '../secret.ts'
import { directoriesOver } from './directories.ts'
import { federationEnginesOver, type SamlKeys, serviceProviderOf } from './engines.ts'

export interface FederationPortsOptions {
  /** Absent: nobody leaves by it, and nobody counts. */
  watch?: FederationWatch
  config: Config
  database: Database
  secrets: ReturnType<typeof ringOf>
  links: PoolLinks
  clock: Clock
}

const UNWATCHED: FederationWatch = { left: () => undefined, returned: () => undefined }

/** Identity providers as journeys meet them, on this database. */
export const federationPorts = ({
  config,
  database,
  secrets,
  links,
  clock,
  watch = UNWATCHED,
}: FederationPortsOptions) => {
  const providers = prismaProviders({ prisma: database.prisma, pool: database.pool, secrets })
  const keys = pgSamlKeys(database, { secrets, maker: selfSignedCertificates, clock })
  /** One key signs and opens: it is the pool's own, and made when it is first wanted. */
  const samlKeys = async (poolId: string): Promise<SamlKeys> => {
    const key = await keys.of(poolId, 'sp')
    return { signing: key, decryption: [key] }
  }
  const secretOf = providers.secret
  const { engineFor } = federationEnginesOver(config, { database, secretOf, samlKeys, links })
  const { directoryOf, close } = directoriesOver(config, { secretOf })
  const tokenRefreshes: TokenRefreshes = async (provider) => {
    const engine = provider.settings.kind === 'ldap' ? null : await engineFor(provider)
    return engine?.refresh === undefined ? null : { refresh: engine.refresh }
  }
  return {
    watch,
    providers,
    identities: pgIdentities(database, secrets),
    sessions: pgUpstreamSessions(database, secrets),
    unsolicited: pgUnsolicitedIdentities(database, secrets),
    redirectsTo: engineFor,
    asksDirectory: async (provider: IdentityProvider) => directoryOf(provider),
    engineFor,
    /** Looks at any provider, whatever it speaks. */
    checkOf: async (provider: IdentityProvider): Promise<ProviderCheck> =>
      provider.settings.kind === 'ldap' ? directoryOf(provider) : engineFor(provider),
    tokenRefreshes,
    serviceProvider: async (poolId: string, settings: SamlProviderSettings) =>
      serviceProviderOf({ links }, poolId, settings, await samlKeys(poolId)),
    /** Ends the connections to directories that are kept. */
    close,
  } satisfies FederationPorts & Record<string, unknown>
}
