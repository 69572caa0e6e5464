import { mock } from 'node:test'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { pgEventHistory } from '#adapters/postgres/pg-event-history.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgOutbox } from '#adapters/postgres/pg-outbox.ts'
import { pgSignInFeedback } from '#adapters/postgres/pg-risk.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaGroups } from '#adapters/postgres/prisma-groups.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { prismaUserLister } from '#adapters/postgres/prisma-user-lister.ts'
import { type Administration, administration } from '#core/administration/index.ts'
import type { ClientSettingsInput } from '#core/clients/client-settings.ts'
import type { CapturedMessage } from '#core/messages/ports.ts'
import type { Pool, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { Result } from '#core/shared/result.ts'
import type { GivenAttributes } from '#core/users/index.ts'
import type { House } from '#server/house.ts'
import { type ServerUnderTest, startServer } from './portico-server.ts'
import { type RelyingParty, type RelyingPartySettings, relyingParty } from './relying-party.ts'

export const CALLBACK = 'http://localhost:9/callback'
export const SIGNED_OUT = 'http://localhost:9/signed-out'
export const PASSWORD = 'correct horse battery staple'

/** A person to make: attributes by name, and how they sign in. */
export interface PersonToMake {
  username?: string
  password?: string
  /** A temporary password: the first sign-in asks for another. */
  isTemporary?: boolean
  attributes?: GivenAttributes
}

export interface TestPerson {
  sub: string
  /** What is typed into the sign-in page. */
  username: string
  password: string
}

export interface TestClient {
  clientId: string
  /** Absent for a public client. */
  clientSecret?: string
  /** openid-client, set up for this client. */
  party(more?: Partial<RelyingPartySettings>): Promise<RelyingParty>
}

export interface PoolToMake {
  name?: string
  settings?: PoolSettingsInput
  /** Scope names by identifier: `{ orders: ['read', 'write'] }` gives `orders/read` and `orders/write`. */
  resourceServers?: Readonly<Record<string, readonly string[]>>
}

export interface TestPool {
  poolId: string
  issuer: string
  pool: Pool
  /** A confidential client with one callback address, unless the settings say otherwise. */
  createClient(settings?: ClientSettingsInput): Promise<TestClient>
  /** A confirmed person with a verified address of their own, unless told otherwise. */
  createUser(person?: PersonToMake): Promise<TestPerson>
  changeSettings(settings: PoolSettingsInput): Promise<void>
}

export interface TestHouse<Clients extends string = string> extends ServerUnderTest, TestPool {
  /** Those that were asked for, by name. */
  clients: Readonly<Record<Clients, TestClient>>
  people: readonly TestPerson[]
  /** Every act of an administrator. */
  admin: Administration
  /** Another pool. It signs with ES256 unless told otherwise: keys for RS256 take half a second to make. */
  createPool(pool?: PoolToMake): Promise<TestPool>
  /** Captured mail or SMS to a recipient, newest first. */
  inbox(to: string): Promise<readonly CapturedMessage[]>
  /** Moves the clock of this whole process, the server's and the relying parties'; from then on it stands still. */
  travel(seconds: number): void
}

export interface HouseToStart<Clients extends string> extends PoolToMake {
  clients?: Readonly<Record<Clients, ClientSettingsInput>>
  users?: readonly PersonToMake[]
  /** Environment variables. */
  config?: Readonly<Record<string, string>>
}

interface Finishing {
  after(finish: () => Promise<void>): void
}

export const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

const unsent = async (): Promise<never> => {
  throw new Error('a house under test writes to people from their journeys alone')
}

const administer = ({ database, store, ports, keys, secrets, federation }: House): Administration =>
  administration(
    {
      ...ports,
      pools: prismaPools(store),
      resourceServers: prismaResourceServers(store),
      clients: prismaClients(store),
      groups: prismaGroups(store),
      providers: prismaProviders({ ...store, pool: database.pool }),
      identities: pgIdentities(database, secrets),
      tokenRefreshes: federation.tokenRefreshes,
      lister: prismaUserLister(database.prisma),
      keys,
      passwords: argon2Hasher({ concurrency: 1, maxWaiting: 10 }),
      messages: { compose: unsent },
      codes: { issue: unsent },
      history: pgEventHistory(database),
      feedback: pgSignInFeedback(database, secrets),
      region: 'eu-test-1',
    },
    { name: 'test', context: null },
  )

// Names are unique in their pool; these are in the process.
let made = 0
const numbered = (what: string): string => {
  made += 1
  return `${what} ${made}`
}

const inPool = (server: ServerUnderTest, admin: Administration, made: Pool): TestPool => {
  const poolId = made.id
  const issuer = `${server.origin}/${poolId}`
  let pool = made
  return {
    poolId,
    issuer,
    pool: made,
    async createClient(settings = {}) {
      const isMachine = settings.flows?.includes('client_credentials') === true
      const given = isMachine ? settings : { callbackUrls: [CALLBACK], logoutUrls: [SIGNED_OUT], ...settings }
      const { client, secret } = must(await admin.clients.create({ poolId, name: numbered('App'), settings: given }))
      const credentials = { clientId: client.id, ...(secret === null ? {} : { clientSecret: secret }) }
      const [redirectUri = CALLBACK] = client.settings.callbackUrls
      return { ...credentials, party: (more = {}) => relyingParty({ issuer, redirectUri, ...credentials, ...more }) }
    },
    async createUser({ username, password = PASSWORD, isTemporary = false, attributes } = {}) {
      const email = `${numbered('person').replace(' ', '-')}@example.com`
      const given = attributes ?? { email, email_verified: true }
      const input = { pool, attributes: given, password: { value: password, isTemporary } }
      const user = must(await admin.users.create(username === undefined ? input : { ...input, username }))
      return { sub: user.sub, username: username ?? String(given.email ?? given.phone_number), password }
    },
    async changeSettings(settings) {
      pool = must(await admin.pools.change({ poolId, settings }))
      server.house.runtimes.expire(poolId)
    },
  }
}

/**
 * The whole server on a port and a database of its own, with a pool to begin with. Pages are bare forms (plain-pages.ts):
 * drive them with form-browser.ts. Stops with the test given as `t`; in a suite's `before`, give null and stop it in `after`.
 */
export const startTestHouse = async <Clients extends string = never>(
  t: Finishing | null,
  { clients, users = [], config = {}, ...first }: HouseToStart<Clients> = {},
): Promise<TestHouse<Clients>> => {
  const server = await startServer(undefined, { LOG_LEVEL: 'warn', ...config })
  const { house } = server
  const admin = administer(house)
  const outbox = pgOutbox({ pool: house.database.pool, secrets: house.secrets, keepContent: true })

  let isTravelling = false
  const stop = async () => {
    if (isTravelling) mock.timers.reset()
    await server.stop()
  }
  t?.after(stop)

  const createPool = async ({ name, settings = {}, resourceServers = {} }: PoolToMake = {}): Promise<TestPool> => {
    const pool = must(await admin.pools.create({ name: name ?? numbered('Pool'), settings }))
    for (const [identifier, scopes] of Object.entries(resourceServers)) {
      const described = scopes.map((scope) => ({ name: scope, description: `May ${scope} ${identifier}` }))
      must(
        await admin.resourceServers.put({
          poolId: pool.id,
          settings: { identifier, name: identifier, scopes: described },
        }),
      )
    }
    return inPool(server, admin, pool)
  }

  const furnish = async () => {
    const pool = await createPool(first)
    const made: Partial<Record<Clients, TestClient>> = {}
    for (const [name, settings] of Object.entries(clients ?? {}) as [Clients, ClientSettingsInput][])
      made[name] = await pool.createClient(settings)
    const people: TestPerson[] = []
    for (const person of users) people.push(await pool.createUser(person))
    return { pool, clients: made as Record<Clients, TestClient>, people }
  }
  // A house that cannot be furnished would keep the process alive.
  const furnished = await furnish().catch(async (error: unknown) => {
    await stop()
    throw error
  })

  return {
    ...server,
    ...furnished.pool,
    stop,
    clients: furnished.clients,
    people: furnished.people,
    admin,
    createPool: (other = {}) => createPool({ ...other, settings: { algorithm: 'ES256', ...other.settings } }),
    inbox: (to) => outbox.latest({ limit: 50, to }),
    travel(seconds) {
      const to = Date.now() + seconds * 1000
      if (isTravelling) mock.timers.setTime(to)
      else mock.timers.enable({ apis: ['Date'], now: to })
      isTravelling = true
    },
  }
}
