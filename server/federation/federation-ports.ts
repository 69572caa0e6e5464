import type { Database } from '#adapters/postgres/database.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgSamlKeys } from '#adapters/postgres/pg-saml-keys.ts'
import { pgUpstreamSessions } from '#adapters/postgres/pg-upstream-sessions.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { selfSignedCertificates } from '#adapters/saml/self-signed-certificate.ts'
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
  const providers = prismaProviders({ prisma: database.prisma, pool: database.pool, secrets })
  const engines = providerEngines({
    config,
    database,
    secrets: providers,
    samlKeys: pgSamlKeys(database, { secrets, maker: selfSignedCertificates, clock }),
    links,
    clock,
    random,
  })
  return {
    providers,
    identities: pgIdentities(database, secrets),
    sessions: pgUpstreamSessions(database, secrets),
    redirectsTo: engines.engineFor,
    ...engines,
  } satisfies FederationPorts & typeof engines
}
