import { randomBytes } from 'node:crypto'
import { systemClock as clock } from '#adapters/clock/system-clock.ts'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { commonPasswords } from '#adapters/passwords/common-passwords.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgFactors } from '#adapters/postgres/pg-factors.ts'
import { pgThemes } from '#adapters/postgres/pg-themes.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { prismaSigningKeys } from '#adapters/postgres/prisma-signing-keys.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { providerReader } from '#adapters/postgres/provider-reader.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { systemRandom as random } from '#adapters/random/system-random.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { ClientSettingsInput } from '#core/clients/client-settings.ts'
import { createClient } from '#core/clients/index.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import { ProviderSettings } from '#core/federation/index.ts'
import { createPool } from '#core/pools/index.ts'
import type { Pool, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { Result } from '#core/shared/result.ts'
import { type CssNote, compileCss, type ThemeSettings } from '#core/themes/index.ts'
import { noTriggers } from '#core/triggers/index.ts'
import { createUser } from '#core/users/index.ts'
import type { User } from '#core/users/ports.ts'
import { memoryBreaches } from './memory/breaches.ts'

export const PASSWORD = 'correct horse battery staple'

export interface MadeClient {
  clientId: string
  clientSecret?: string
}

/** Where the pools would be found; nothing of a test depends on it. */
const links = { base: (poolId: string) => `http://localhost/${poolId}` }

const expectOk = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

/** Makes pools, clients and people through the use-cases, in the database of the Portico under test. */
export const openEstate = ({ connectionString, secret }: { connectionString: string; secret: string }) => {
  const database = openDatabase({ connectionString, maxConnections: 3, onError: () => {} })
  const hashes = keyRing(secret, null)
  const store = { prisma: database.prisma, pool: database.pool, secrets: hashes }
  const pools = prismaPools(store)
  const resourceServers = prismaResourceServers(store)
  const by = { name: 'tests', context: null }
  const writer = prismaUsers(store)
  const users = userReader(database.pool)
  const themes = pgThemes(database, hashes)
  const factors = pgFactors(database, hashes)
  const userPorts = {
    writer,
    users,
    passwords: argon2Hasher({ concurrency: 1, maxWaiting: 20 }),
    commonPasswords: commonPasswords(),
    compromised: memoryBreaches(),
    triggers: noTriggers,
    random,
    clock,
  }
  return {
    database,
    secrets: hashes,
    users,
    writer,
    async pool(settings: PoolSettingsInput = {}): Promise<Pool> {
      const keys = prismaSigningKeys(database, hashes)
      const name = `${settings.displayName ?? 'pool'} ${randomBytes(6).toString('hex')}`
      return expectOk(
        await createPool({ pools, links, keys, random, clock })({ name, settings, region: 'eu-test-1', by }),
      )
    },
    async client(poolId: string, settings: ClientSettingsInput): Promise<MadeClient> {
      const create = createClient({
        pools,
        resourceServers,
        clients: prismaClients(store),
        providers: providerReader(database.pool),
        hashes,
        random,
        clock,
      })
      const name = settings.displayName ?? `app ${randomBytes(4).toString('hex')}`
      const { client, secret: clientSecret } = expectOk(await create({ poolId, name, settings, by }))
      return { clientId: client.id, ...(clientSecret === null ? {} : { clientSecret }) }
    },
    /** An identity provider of the pool: settings as its owner writes them, and what the provider knows us by. */
    async provider(
      pool: Pool,
      settings: Readonly<Record<string, unknown>>,
      providerSecret: string | null = null,
    ): Promise<IdentityProvider> {
      const parsed = ProviderSettings.parse(settings)
      const at = clock.now()
      const provider = { poolId: pool.id, name: parsed.name, settings: parsed, createdAt: at, updatedAt: at }
      expectOk(await prismaProviders(store).create(provider, providerSecret, { events: [] }))
      return provider
    },
    async person(
      pool: Pool,
      {
        username,
        password = PASSWORD,
        isTemporary = false,
        ...attributes
      }: Readonly<Record<string, string | boolean>> & {
        username?: string
        password?: string
        isTemporary?: boolean
      },
    ): Promise<User> {
      return expectOk(
        await createUser(userPorts)({
          pool,
          attributes: { ...(attributes.email === undefined ? {} : { email_verified: true }), ...attributes },
          password: { value: password, isTemporary },
          by,
          ...(username === undefined ? {} : { username }),
        }),
      )
    },
    /** A passkey that no device has: pages ask for it, nobody can answer. */
    async lostPasskey(pool: Pool, sub: string): Promise<void> {
      const passkey = {
        publicKey: '',
        transports: ['usb'],
        aaguid: '00000000-0000-0000-0000-000000000000',
        isBackupEligible: false,
        isBackedUp: false,
        isUserVerified: true,
        rpId: 'localhost',
      }
      const id = random.uuidAt(clock.now())
      const common = { poolId: pool.id, sub, name: null, address: null, counter: 0, createdAt: clock.now() }
      expectOk(
        await factors.enrol(
          {
            ...common,
            id,
            kind: 'passkey',
            credentialId: randomBytes(32).toString('base64url'),
            passkey,
            secret: null,
          },
          { events: [] },
        ),
      )
    },
    /** As an administrator's reset does. */
    removeFactors: (pool: Pool, sub: string) => factors.removeAll(pool.id, sub, { events: [] }),
    /** Gives a pool (client "") or a client its look; what the compiler refuses comes back and nothing is stored. */
    async look(pool: Pool, clientId: string, settings: ThemeSettings, cssSource = ''): Promise<readonly CssNote[]> {
      const compiled = compileCss(cssSource)
      if (!compiled.ok) return compiled.rejections
      await themes.put(pool.id, clientId, { settings, cssSource, css: compiled.css, images: [] }, clock.now(), {
        events: [],
      })
      return []
    },
    close: () => database.close(),
  }
}
export type Estate = ReturnType<typeof openEstate>
