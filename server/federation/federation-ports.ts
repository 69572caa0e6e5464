import type { Database } from '#adapters/postgres/database.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgUpstreamSessions } from '#adapters/postgres/pg-upstream-sessions.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import type { FederationPorts } from '#core/flows/ports.ts'
import type { PoolLinks } from '#core/pools/ports.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'
import type { ringOf } from '../secret.ts'
import { providerEngines } from './provider-engines.ts'

export interface FederationPortsOptions {
  config: Config
  database: Database
  secrets: ReturnType<typeof ringOf>
  links: PoolLinks
  clock: Clock
  random: Random
}

/** Identity providers as journeys meet them, on this database. */
export const federationPorts = ({ config, database, secrets, links, clock, random }: FederationPortsOptions) => {
  const providers = prismaProviders({ prisma: database.prisma, secrets }, database)
  const engineFor = providerEngines({
    config,
    database,
    secrets: providers,
    samlKeys: () => ({ signing: null, decryption: [] }),
    links,
    clock,
    random,
  })
  return {
    providers,
    identities: pgIdentities(database, secrets),
    sessions: pgUpstreamSessions(database, secrets),
    redirectsTo: engineFor,
    engineFor,
  } satisfies FederationPorts & { engineFor: typeof engineFor }
}
