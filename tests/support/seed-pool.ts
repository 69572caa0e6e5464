import { systemClock as clock } from '#adapters/clock/system-clock.ts'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { commonPasswords } from '#adapters/passwords/common-passwords.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { prismaSigningKeys } from '#adapters/postgres/prisma-signing-keys.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { providerReader } from '#adapters/postgres/provider-reader.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { systemRandom as random } from '#adapters/random/system-random.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { ClientSettingsInput } from '#core/clients/client-settings.ts'
import { createClient } from '#core/clients/index.ts'
import { createPool, putResourceServer } from '#core/pools/index.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { Result } from '#core/shared/result.ts'
import { noTriggers } from '#core/triggers/index.ts'
import { createUser } from '#core/users/index.ts'
import { memoryBreaches } from './memory/breaches.ts'

export interface PoolToSeed {
  name: string
  settings?: PoolSettingsInput
  resourceServers?: readonly {
    identifier: string
    name: string
    scopes: readonly { name: string; description: string }[]
  }[]
  /** By name. */
  clients: Readonly<Record<string, ClientSettingsInput>>
  people?: readonly { attributes: Readonly<Record<string, string | boolean>>; password: string }[]
}

export interface SeededClient {
  clientId: string
  /** Absent for a public client. */
  clientSecret?: string
}

export interface SeededPool<Names extends string> {
  poolId: string
  clients: Readonly<Record<Names, SeededClient>>
  /** Subjects, in the order given. */
  people: readonly string[]
}

/** Where the pools would be found; nothing of a test depends on it. */
const links = { base: (poolId: string) => `http://localhost/${poolId}` }

const expectOk = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`seeding refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

/** Makes a pool through the use-cases the command line calls, in the database a server under test reads. */
export const seedPool = async <Seed extends PoolToSeed>(
  { connectionString, secret }: { connectionString: string; secret: string },
  { name, settings = {}, resourceServers = [], clients, people = [] }: Seed,
): Promise<SeededPool<keyof Seed['clients'] & string>> => {
  const database = openDatabase({ connectionString, maxConnections: 4, onError: () => {} })
  const hashes = keyRing(secret, null)
  const store = { prisma: database.prisma, secrets: hashes }
  const pools = prismaPools(store)
  const servers = prismaResourceServers(store)
  const by = { name: 'seed', context: null }
  try {
    const keys = prismaSigningKeys(database, hashes)
    const pool = expectOk(
      await createPool({ pools, links, keys, random, clock })({ name, settings, region: 'eu-test-1', by }),
    )
    for (const server of resourceServers) {
      expectOk(
        await putResourceServer({ resourceServers: servers, random, clock })({ poolId: pool.id, settings: server, by }),
      )
    }
    const made: Record<string, SeededClient> = {}
    for (const [clientName, clientSettings] of Object.entries(clients)) {
      const create = createClient({
        pools,
        resourceServers: servers,
        clients: prismaClients(store),
        providers: providerReader(database.pool),
        hashes,
        random,
        clock,
      })
      const { client, secret: clientSecret } = expectOk(
        await create({ poolId: pool.id, name: clientName, settings: clientSettings, by }),
      )
      made[clientName] = { clientId: client.id, ...(clientSecret === null ? {} : { clientSecret }) }
    }
    const subs: string[] = []
    const create = createUser({
      writer: prismaUsers(store),
      users: userReader(database.pool),
      passwords: argon2Hasher({ concurrency: 1, maxWaiting: 10 }),
      commonPasswords: commonPasswords(),
      compromised: memoryBreaches(),
      triggers: noTriggers,
      random,
      clock,
    })
    for (const { attributes, password } of people) {
      const user = expectOk(await create({ pool, attributes, password: { value: password, isTemporary: false }, by }))
      subs.push(user.sub)
    }
    return { poolId: pool.id, clients: made as SeededPool<keyof Seed['clients'] & string>['clients'], people: subs }
  } finally {
    await database.close()
  }
}
