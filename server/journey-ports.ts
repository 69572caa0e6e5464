import type { Logger } from 'pino'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { commonPasswords } from '#adapters/passwords/common-passwords.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgBudgets } from '#adapters/postgres/pg-budgets.ts'
import { pgCodes } from '#adapters/postgres/pg-codes.ts'
import { pgConsents } from '#adapters/postgres/pg-consents.ts'
import { pgDevices } from '#adapters/postgres/pg-devices.ts'
import { pgFactorRecoveries } from '#adapters/postgres/pg-factor-recoveries.ts'
import { pgFactors, pgRecoveryCodes } from '#adapters/postgres/pg-factors.ts'
import { pgFlows } from '#adapters/postgres/pg-flows.ts'
import { pgOwnSessions } from '#adapters/postgres/pg-own-sessions.ts'
import { pgProfiles, pgRiskCounters } from '#adapters/postgres/pg-risk.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { passkeyCeremonies } from '#adapters/webauthn/passkey-ceremonies.ts'
import type { JourneyPorts } from '#core/flows/index.ts'
import { breaches } from './breaches.ts'
import type { Config } from './config.ts'
import type { Metrics } from './metrics.ts'
import type { ringOf } from './secret.ts'
import { threatData } from './threat-data.ts'

/** What the rest of the house uses as well. */
type Shared = Pick<
  JourneyPorts,
  'pools' | 'events' | 'triggers' | 'messages' | 'links' | 'federation' | 'clock' | 'random'
>

export interface JourneyPortsOptions extends Shared {
  config: Config
  database: Database
  secrets: ReturnType<typeof ringOf>
  log: Logger
  metrics: Metrics
}

/** Everything a journey touches, on this database. `close` lets files go; `hashesWaiting` is how many passwords wait to be hashed. */
export const journeyPorts = ({ config, database, secrets, log, metrics, ...shared }: JourneyPortsOptions) => {
  const { clock, random } = shared
  const store = { prisma: database.prisma, secrets }
  const passwords = argon2Hasher({ concurrency: config.HASH_CONCURRENCY, maxWaiting: config.HASH_QUEUE })
  const commonOnes = commonPasswords()
  const compromised = breaches({
    config,
    common: commonOnes,
    clock,
    warn: (line, because) => log.warn({ because }, line),
    onLookUp: metrics.lookedUp,
  })
  const ports: JourneyPorts = {
    ...shared,
    ...threatData(config, log),
    flows: pgFlows(database, secrets),
    codes: pgCodes(database, secrets),
    clients: prismaClients(store),
    users: userReader(database.pool),
    writer: prismaUsers(store),
    consents: pgConsents(database, secrets),
    factors: pgFactors(database, secrets),
    recoveryCodes: pgRecoveryCodes(database, secrets),
    factorRecoveries: pgFactorRecoveries(database, secrets),
    sessions: pgOwnSessions(database, secrets, () => clock.now()),
    devices: pgDevices(database, secrets),
    profiles: pgProfiles(database, secrets),
    riskCounters: pgRiskCounters(database, secrets),
    riskWatch: metrics.risk,
    apps: authenticatorApps(random),
    passkeys: passkeyCeremonies,
    passwords,
    commonPasswords: commonOnes,
    compromised,
    attempts: pgBudgets(database, secrets),
    sending: { refused: metrics.codeRefused },
    hashes: secrets,
  }
  return { ports, close: () => compromised.close(), hashesWaiting: () => passwords.depth() }
}
