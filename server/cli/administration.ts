import { systemClock } from '#adapters/clock/system-clock.ts'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { commonPasswords } from '#adapters/passwords/common-passwords.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgCodes } from '#adapters/postgres/pg-codes.ts'
import { pgDevices } from '#adapters/postgres/pg-devices.ts'
import { pgEventHistory } from '#adapters/postgres/pg-event-history.ts'
import { pgFactors, pgRecoveryCodes } from '#adapters/postgres/pg-factors.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgProfiles, pgSignInFeedback } from '#adapters/postgres/pg-risk.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaGroups } from '#adapters/postgres/prisma-groups.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { prismaSigningKeys } from '#adapters/postgres/prisma-signing-keys.ts'
import { prismaUserLister } from '#adapters/postgres/prisma-user-lister.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { KeyRing } from '#adapters/secrets/key-ring.ts'
import { type Administration, administration } from '#core/administration/index.ts'
import type { TokenRefreshes } from '#core/federation/index.ts'
import { recoveryGuesses, recoverySubject } from '#core/flows/recovery-subject.ts'
import { codeHash } from '#core/flows/send-code.ts'
import { composeMessage, messageComposer } from '#core/messages/index.ts'
import type { CompromisedPasswords } from '#core/passwords/index.ts'
import type { PoolLinks } from '#core/pools/ports.ts'
import type { Administrator } from '#core/shared/administrator.ts'
import { noTriggers } from '#core/triggers/index.ts'
import type { RecoveryCodes } from '#core/users/ports.ts'
import type { Config } from '../config.ts'

export type { Administration }

export interface AdministrationParts {
  config: Pick<Config, 'PUBLIC_ORIGIN' | 'PORTICO_REGION' | 'HASH_CONCURRENCY' | 'HASH_QUEUE'>
  compromised: CompromisedPasswords
  database: Database
  secrets: KeyRing
  tokenRefreshes: TokenRefreshes
}

/** Codes that the recovery pages of a journey take: same purpose, same subject, same hash. */
const recoveryCodes = (database: Database, secrets: KeyRing): RecoveryCodes => {
  const codes = pgCodes(database, secrets)
  return {
    async issue({ poolId, sub, to, codePlain, at, expiresAt }, alongside) {
      const subject = recoverySubject(secrets, recoveryGuesses(sub, ''), to)
      await codes.issue(
        {
          id: systemRandom.uuidAt(at),
          poolId,
          purpose: 'recovery',
          subject,
          codeHash: codeHash({ hashes: secrets }, 'recovery', subject, codePlain),
          linkHash: null,
          flowId: null,
          createdAt: at,
          expiresAt,
        },
        alongside,
      )
    },
  }
}

export const linksOf = ({ PUBLIC_ORIGIN }: Pick<Config, 'PUBLIC_ORIGIN'>): PoolLinks => ({
  base: (poolId) => `${PUBLIC_ORIGIN}/${poolId}`,
})

/** Everything an administrator can do, over a database that is open. */
export const administrationOver = (
  { config, compromised, database, secrets, tokenRefreshes }: AdministrationParts,
  by: Administrator,
): Administration => {
  const store = { prisma: database.prisma, secrets }
  const [clock, random, triggers] = [systemClock, systemRandom, noTriggers]
  const links = linksOf(config)
  return administration(
    {
      pools: prismaPools(store),
      resourceServers: prismaResourceServers(store),
      clients: prismaClients(store),
      groups: prismaGroups(store),
      providers: prismaProviders({ ...store, pool: database.pool }),
      identities: pgIdentities(database, secrets),
      tokenRefreshes,
      users: userReader(database.pool),
      writer: prismaUsers(store),
      lister: prismaUserLister(database.prisma),
      keys: prismaSigningKeys(database, secrets),
      passwords: argon2Hasher({ concurrency: config.HASH_CONCURRENCY, maxWaiting: config.HASH_QUEUE }),
      commonPasswords: commonPasswords(),
      compromised,
      triggers,
      messages: messageComposer({ compose: composeMessage({ random, clock, triggers }), links }),
      codes: recoveryCodes(database, secrets),
      factors: pgFactors(database, secrets),
      devices: pgDevices(database, secrets),
      history: pgEventHistory(database),
      feedback: pgSignInFeedback(database, secrets),
      profiles: pgProfiles(database, secrets),
      recoveryCodes: pgRecoveryCodes(database, secrets),
      links,
      hashes: secrets,
      random,
      clock,
      region: config.PORTICO_REGION,
    },
    by,
  )
}
