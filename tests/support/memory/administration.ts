import { systemRandom } from '#adapters/random/system-random.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { type Administration, type AdministrationPorts, administration } from '#core/administration/index.ts'
import { composeMessage, messageComposer } from '#core/messages/index.ts'
import type { Pool, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { fail, type Result } from '#core/shared/result.ts'
import { noTriggers, type Triggers } from '#core/triggers/index.ts'
import type { RecoveryCodes } from '#core/users/ports.ts'
import { NOON } from '../builders.ts'
import { type MemoryBreaches, memoryBreaches } from './breaches.ts'
import { memoryClients } from './clients.ts'
import { memoryEventHistory } from './events.ts'
import { memoryDevices, memoryFactors, memoryRecoveryCodes } from './factors.ts'
import { memoryGroups } from './groups.ts'
import { plainHasher } from './hasher.ts'
import { memoryIdentities, memoryProviders } from './identities.ts'
import { type Ledger, ledger } from './ledger.ts'
import { memoryPools, memoryResourceServers } from './pools.ts'
import { memoryFeedback, memoryProfiles } from './risk.ts'
import { type MemoryThemes, memoryThemes } from './themes.ts'
import { memoryUsers } from './users.ts'

export interface MemoryAdministration {
  admin: Administration
  ports: AdministrationPorts
  book: Ledger
  codes: Parameters<RecoveryCodes['issue']>[0][]
  /** Pools that were given keys, as often as that happened. */
  keysMade: string[]
  setTime(at: Date): void
  /** Makes a pool; throws when that is refused. */
  makePool(settings?: PoolSettingsInput, name?: string): Promise<Pool>
  /** Refuses at this point from now on. */
  refuseAt(point: 'preSignUp' | 'customMessage'): void
  triggerCalls: string[]
  breaches: MemoryBreaches
  looks: MemoryThemes
}

export const expectOk = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

/** Everything an administrator can do, over memory. */
export const memoryAdministration = (): MemoryAdministration => {
  const book = ledger()
  const pools = memoryPools(book)
  const users = memoryUsers(book)
  const codes: MemoryAdministration['codes'] = []
  const keysMade: string[] = []
  const triggerCalls: string[] = []
  const refusing = new Set<string>()
  let now = NOON
  const clock = { now: () => now }

  const breaches = memoryBreaches()
  const triggers: Triggers = {
    ...noTriggers,
    async preSignUp(call) {
      triggerCalls.push(`preSignUp ${call.source}`)
      return refusing.has('preSignUp') ? fail('trigger-refused') : noTriggers.preSignUp(call)
    },
    async postConfirmation(call) {
      triggerCalls.push(`postConfirmation ${call.source}`)
      return noTriggers.postConfirmation(call)
    },
    async customMessage(call) {
      triggerCalls.push(`customMessage ${call.source}`)
      return refusing.has('customMessage') ? fail('trigger-refused') : noTriggers.customMessage(call)
    },
  }
  const links = { base: (poolId: string) => `https://auth.example.com/${poolId}` }
  const ports: AdministrationPorts = {
    pools,
    resourceServers: memoryResourceServers(pools),
    clients: memoryClients(pools),
    groups: memoryGroups(users),
    providers: memoryProviders(pools, users),
    identities: memoryIdentities(users),
    tokenRefreshes: async () => null,
    users,
    writer: users,
    lister: users,
    keys: {
      async createFor(poolId) {
        keysMade.push(poolId)
      },
    },
    passwords: plainHasher(),
    commonPasswords: { load: async () => new Set(['password', 'qwerty']) },
    compromised: breaches,
    triggers,
    messages: messageComposer({ compose: composeMessage({ random: systemRandom, clock, triggers }), links }),
    codes: {
      async issue(code, alongside) {
        codes.push(code)
        book.add(alongside)
      },
    },
    factors: memoryFactors(book),
    devices: memoryDevices(book),
    history: memoryEventHistory(book),
    feedback: memoryFeedback(book),
    profiles: memoryProfiles(book),
    recoveryCodes: memoryRecoveryCodes(book),
    links,
    hashes: keyRing('x'.repeat(43)),
    random: systemRandom,
    clock,
    region: 'eu-test-1',
  }
  const admin = administration(ports, { name: 'test', context: null })
  return {
    admin,
    ports,
    book,
    codes,
    keysMade,
    triggerCalls,
    breaches,
    looks: memoryThemes(pools),
    setTime(at) {
      now = at
    },
    refuseAt: (point) => void refusing.add(point),
    makePool: async (settings = {}, name = `Pool ${systemRandom.uuid()}`) =>
      expectOk(await admin.pools.create({ name, settings })),
  }
}

/** A password that any pool's rules take. */
export const GOOD_PASSWORD = 'a walk in the rain'

/** One pool, and a way to have Ann in it. */
export const poolWithAnn = async (settings: PoolSettingsInput = {}) => {
  const world = memoryAdministration()
  const pool = await world.makePool(settings)
  const { users } = world.admin
  return {
    ...world,
    pool,
    users,
    ann: async (overrides: Partial<Parameters<typeof users.create>[0]> = {}) =>
      expectOk(
        await users.create({
          pool,
          attributes: { email: 'ann@example.com', email_verified: true },
          password: { value: GOOD_PASSWORD, isTemporary: false },
          ...overrides,
        }),
      ),
    /** What happened to people, in order. */
    events: () => world.book.events.filter((event) => event.type !== 'pool.changed').map(({ type }) => type),
  }
}

/** A refusal in one line: its code and what has to change. */
export const codeOf = (result: Result<unknown>): string =>
  result.ok ? 'ok' : [result.failure.code, result.failure.field].filter(Boolean).join(' ')
