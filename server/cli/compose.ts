import { join } from 'node:path'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres/embedded-postgres.ts'
import { commonPasswords } from '#adapters/passwords/common-passwords.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { pgThemes } from '#adapters/postgres/pg-themes.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { TokenRefreshes } from '#core/federation/index.ts'
import type { Administrator } from '#core/shared/administrator.ts'
import { keepThemes, type ThemeKeeper } from '#core/themes/index.ts'
import { breaches } from '../breaches.ts'
import type { Config } from '../config.ts'
import type { ProviderChecksOptions } from '../federation/provider-checks.ts'
import { checkCanary, ringOf } from '../secret.ts'
import { type Administration, administrationOver, linksOf } from './administration.ts'
import type { ProviderChecker } from './command.ts'

export interface OpenedHouse {
  admin: Administration
  themes: ThemeKeeper
  checkProvider: ProviderChecker
  close(): Promise<void>
}

/** What speaks to providers is loaded when one is asked: most commands ask none. */
const providerChecker =
  (admin: Administration, rooms: Omit<ProviderChecksOptions, 'links' | 'clock'>): ProviderChecker =>
  async (poolId, name) => {
    const { providerChecks } = await import('../federation/provider-checks.ts')
    const provider = await admin.providers.find(poolId, name)
    if (!provider.ok) throw new Error('a provider is looked up before it is checked')
    return providerChecks({ ...rooms, links: admin.links, clock: systemClock })(provider.value)
  }

const lateTokenRefreshes =
  (rooms: Omit<ProviderChecksOptions, 'links' | 'clock'>): TokenRefreshes =>
  async (provider) => {
    const { federationPorts } = await import('../federation/federation-ports.ts')
    return federationPorts({ ...rooms, links: linksOf(rooms.config), clock: systemClock }).tokenRefreshes(provider)
  }

/** Opens the database of the installation, starting our own server where none is configured, and brings it up to date. */
export const openForAdministration = async (
  config: Config,
  by: Administrator,
  log: (line: string) => void,
): Promise<OpenedHouse> => {
  const compromised = breaches({
    config,
    common: commonPasswords(),
    clock: systemClock,
    warn: (line, because) => log(`${line}: ${because}`),
  })
  const embedded =
    config.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({ dataDir: join(config.PORTICO_DATA_DIR, 'pg'), log: () => {} })
      : null
  const connectionString = config.DATABASE_URL ?? embedded?.connectionString ?? ''
  try {
    await migrate({ connectionString, clock: systemClock, log })
    const secrets = ringOf(config)
    // A command does one thing after the other: two connections per way are plenty.
    const database = openDatabase({ connectionString, maxConnections: 2, onError: () => {} })
    const close = async () => {
      compromised.close()
      await database.close()
      await embedded?.stop()
    }
    try {
      await checkCanary(database.pool, secrets)
    } catch (error) {
      await database.close()
      throw error
    }
    const tokenRefreshes = lateTokenRefreshes({ config, database, secrets })
    const admin = administrationOver({ config, compromised, database, secrets, tokenRefreshes }, by)
    return {
      admin,
      checkProvider: providerChecker(admin, { config, database, secrets }),
      themes: keepThemes({ themes: pgThemes(database, secrets), random: systemRandom, clock: systemClock }, by),
      close,
    }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}
