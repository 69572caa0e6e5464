import { after, before, describe } from 'node:test'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgSamlApps } from '#adapters/postgres/pg-saml-apps.ts'
import { pgThemes } from '#adapters/postgres/pg-themes.ts'
import { pgUnsolicitedIdentities } from '#adapters/postgres/pg-unsolicited-identities.ts'
import { pgUpstreamSessions } from '#adapters/postgres/pg-upstream-sessions.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaGroups } from '#adapters/postgres/prisma-groups.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { prismaUserLister } from '#adapters/postgres/prisma-user-lister.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { ClientStore } from '#core/clients/ports.ts'
import type {
  IdentityStore,
  ProviderStore,
  UnsolicitedIdentities,
  UpstreamSessionStore,
} from '#core/federation/ports.ts'
import type { GroupStore } from '#core/groups/ports.ts'
import type { PoolStore, ResourceServerStore } from '#core/pools/ports.ts'
import type { SamlApps } from '#core/saml-idp/index.ts'
import type { ThemeStore } from '#core/themes/ports.ts'
import type { UserDirectory, UserLister, UserWriter } from '#core/users/ports.ts'
import { freshDatabase } from './database.ts'
import { memoryClients } from './memory/clients.ts'
import { memoryGroups } from './memory/groups.ts'
import {
  memoryIdentities,
  memoryProviders,
  memoryUnsolicitedIdentities,
  memoryUpstreamSessions,
} from './memory/identities.ts'
import { ledger } from './memory/ledger.ts'
import { memoryPools, memoryResourceServers } from './memory/pools.ts'
import { memorySamlApps } from './memory/saml-apps.ts'
import { memoryThemes } from './memory/themes.ts'
import { memoryUsers } from './memory/users.ts'

/** The domain's stores, over one database or one memory. */
export interface Stores {
  pools: PoolStore
  resourceServers: ResourceServerStore
  clients: ClientStore
  samlApps: SamlApps
  users: UserDirectory & UserWriter & UserLister
  groups: GroupStore
  themes: ThemeStore
  providers: ProviderStore
  identities: IdentityStore
  upstreamSessions: UpstreamSessionStore
  unsolicited: UnsolicitedIdentities
  /** Runs a statement where there is a database; does nothing in memory, and says so. */
  meddle(text: string, values: readonly unknown[]): Promise<boolean>
  /** What stands alongside acts, in the order it was written. */
  written(poolId: string): Promise<{ events: string[]; messages: string[] }>
  close(): Promise<void>
}

const storesInMemory = async (): Promise<Stores> => {
  const book = ledger()
  const pools = memoryPools(book)
  const users = memoryUsers(book)
  const clients = memoryClients(pools)
  return {
    pools,
    resourceServers: memoryResourceServers(pools),
    clients,
    samlApps: memorySamlApps(clients),
    users,
    groups: memoryGroups(users),
    themes: memoryThemes(pools),
    providers: memoryProviders(pools, users),
    identities: memoryIdentities(users),
    upstreamSessions: memoryUpstreamSessions(),
    unsolicited: memoryUnsolicitedIdentities(),
    meddle: async () => false,
    written: async (poolId) => ({
      events: book.events.filter((event) => event.poolId === poolId).map(({ type }) => type),
      messages: book.messages.filter((message) => message.poolId === poolId).map(({ purpose }) => purpose),
    }),
    close: async () => {},
  }
}

const storesInPostgres = async (): Promise<Stores> => {
  const { connectionString, drop } = await freshDatabase()
  const database = openDatabase({ connectionString, maxConnections: 10, onError: () => {} })
  const store = { prisma: database.prisma, secrets: keyRing('x'.repeat(43)) }
  const column = async (text: string, poolId: string): Promise<string[]> => {
    const { rows } = await database.pool.query<{ value: string }>(text, [poolId])
    return rows.map(({ value }) => value)
  }
  return {
    pools: prismaPools(store),
    resourceServers: prismaResourceServers(store),
    clients: prismaClients(store),
    samlApps: pgSamlApps(database),
    users: { ...userReader(database.pool), ...prismaUsers(store), ...prismaUserLister(database.prisma) },
    groups: prismaGroups(store),
    themes: pgThemes(database, store.secrets),
    providers: prismaProviders({ ...store, pool: database.pool }),
    identities: pgIdentities(database, store.secrets),
    upstreamSessions: pgUpstreamSessions(database, store.secrets),
    unsolicited: pgUnsolicitedIdentities(database, store.secrets),
    async meddle(text, values) {
      await database.pool.query(text, [...values])
      return true
    },
    written: async (poolId) => ({
      events: await column('SELECT type AS value FROM auth_event WHERE pool_id = $1 ORDER BY created_at, id', poolId),
      messages: await column('SELECT purpose AS value FROM outbox WHERE pool_id = $1 ORDER BY id', poolId),
    }),
    async close() {
      await database.close()
      await drop()
    },
  }
}

/** Runs one suite against the memory fakes and against PostgreSQL. */
export const inEveryStore = (subject: string, suite: (stores: () => Stores) => void): void => {
  for (const [place, open] of Object.entries({ 'in memory': storesInMemory, 'in PostgreSQL': storesInPostgres })) {
    describe(`${subject}, ${place}`, () => {
      let stores: Stores | null = null
      before(async () => {
        stores = await open()
      })
      after(() => stores?.close())
      suite(() => {
        if (stores === null) throw new Error('stores are opened before the first test')
        return stores
      })
    })
  }
}
