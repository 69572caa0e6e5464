import { noBadNetworks } from '#adapters/networks/bad-networks-file.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { passkeyCeremonies } from '#adapters/webauthn/passkey-ceremonies.ts'
import type { AppClient, ClientSettingsInput } from '#core/clients/client-settings.ts'
import type { ProviderStore } from '#core/federation/ports.ts'
import type { Flow, FlowState } from '#core/flows/flow.ts'
import type { FlowStep } from '#core/flows/flow-view.ts'
import { type Form, type JourneyPorts, type SubmitAnswer, stepToken, submitStep } from '#core/flows/index.ts'
import type { MessageFacts } from '#core/messages/index.ts'
import type { Pool, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { NewMessage } from '#core/shared/alongside.ts'
import type { RequestContext } from '#core/shared/ports.ts'
import { ok } from '#core/shared/result.ts'
import { noTriggers, type Triggers } from '#core/triggers/index.ts'
import { namesOfUser } from '#core/users/index.ts'
import type { StoredPassword, User } from '#core/users/ports.ts'
import { aClient, aFlow, aPassword, aPool, aUser, NOON } from './builders.ts'
import { type FakeDirectory, fakeDirectory } from './fake-directory.ts'
import { type FakeUpstream, fakeUpstream } from './fake-upstream.ts'
import { memoryOwnSessions } from './memory/account.ts'
import { type MemoryBreaches, memoryBreaches } from './memory/breaches.ts'
import { memoryBudgets } from './memory/budgets.ts'
import { memoryClients } from './memory/clients.ts'
import { memoryCodes } from './memory/codes.ts'
import { memoryConsents } from './memory/consents.ts'
import { memoryEvents } from './memory/events.ts'
import { memoryFactorRecoveries } from './memory/factor-recoveries.ts'
import { memoryDevices, memoryFactors, memoryRecoveryCodes } from './memory/factors.ts'
import { memoryFlows } from './memory/flows.ts'
import { plainHasher } from './memory/hasher.ts'
import {
  memoryIdentities,
  memoryProviders,
  memoryUnsolicitedIdentities,
  memoryUpstreamSessions,
} from './memory/identities.ts'
import { type Ledger, ledger } from './memory/ledger.ts'
import { memoryPools } from './memory/pools.ts'
import { memoryProfiles, memoryRiskCounters } from './memory/risk.ts'
import { type MemoryUsers, memoryUsers } from './memory/users.ts'
import { seededRandom } from './seeded-random.ts'

export const GOOD_PASSWORD = 'correct-horse-staple'
export const OTHER_PASSWORD = 'wandering-teapot-93'

export interface PersonToSeed extends Partial<Omit<User, 'poolId'>> {
  passwordPlain?: string | null
  password?: Partial<StoredPassword>
}

/** Somebody with a proven address. */
export const ann = (overrides: PersonToSeed = {}): PersonToSeed => ({
  sub: 'a0000000-0000-4000-8000-000000000001',
  attributes: { email: 'ann@example.com', email_verified: true },
  ...overrides,
})

export interface JourneyOptions {
  pool?: PoolSettingsInput
  client?: ClientSettingsInput
  people?: readonly PersonToSeed[]
  step?: FlowStep
  state?: Partial<FlowState>
  triggers?: Partial<Triggers>
  seed?: number
}

interface SentMessage {
  purpose: NewMessage['purpose']
  to: string
  code: string
  link: string | null
}

export interface Journey {
  ports: JourneyPorts
  /** The other end of the pool's identity providers. */
  upstream: FakeUpstream
  /** All of the pool's directories. */
  directory: FakeDirectory
  providerStore: ProviderStore
  pool: Pool
  client: AppClient
  users: MemoryUsers
  written: Ledger
  breaches: MemoryBreaches
  /** Moves the clock. */
  wait(seconds: number): void
  flow(): Promise<Flow>
  /** Posts a form to a step (the journey's own by default) with the token of its page, unless the form brings another. */
  post(form?: Form, step?: FlowStep, from?: Partial<RequestContext>): Promise<SubmitAnswer>
  /** The same in a journey of its own, opened for this. */
  another(overrides?: Parameters<typeof aFlow>[1]): Promise<Pick<Journey, 'flow' | 'post'>>
  sent(): SentMessage[]
  /** The newest code in any message. */
  code(): string
  seed(person: PersonToSeed): Promise<User>
  /** Calls of every port since the last time it was asked: `users.findByName` → 1. */
  calls(): Record<string, number>
}

const sentMessage = ({ purpose, message }: NewMessage): SentMessage => {
  const facts =
    message.channel === 'sms' ? (JSON.parse(message.text) as Pick<MessageFacts, 'code' | 'link' | 'answerLink'>) : {}
  return { purpose, to: message.to, code: facts.code ?? '', link: facts.link ?? facts.answerLink ?? null }
}

/** Counts the calls of every method of every port. */
const counting = <Ports extends object>(ports: Ports, count: (name: string) => void): Ports =>
  Object.fromEntries(
    Object.entries(ports).map(([name, port]: [string, object]) => [
      name,
      new Proxy(port, {
        get(target, method, receiver) {
          const member: unknown = Reflect.get(target, method, receiver)
          if (typeof member !== 'function') return member
          return (...given: unknown[]) => {
            count(`${name}.${String(method)}`)
            return Reflect.apply(member, target, given)
          }
        },
      }),
    ]),
  ) as Ports

/** A person at a pool's pages, everything behind them in memory. */
export const aJourney = async (options: JourneyOptions = {}): Promise<Journey> => {
  let now = NOON
  let calls: Record<string, number> = {}
  const written = ledger()
  const breaches = memoryBreaches()
  const users = memoryUsers(written)
  const factors = memoryFactors(written)
  const pools = memoryPools(written)
  const passwords = plainHasher()
  const random = seededRandom(options.seed ?? 1)
  const upstream = fakeUpstream()
  const directory = fakeDirectory()
  const providerStore = memoryProviders(pools, users)
  const pool = aPool({ name: 'Example', settings: { passwordPolicy: { blockCommon: false }, ...options.pool } })
  await pools.create(pool, { events: [] })
  const client = aClient(pool.id, { name: 'Shop', settings: options.client ?? {} })
  const ports: JourneyPorts = counting(
    {
      flows: memoryFlows(written),
      codes: memoryCodes(written),
      consents: memoryConsents(written),
      federation: {
        providers: providerStore,
        identities: memoryIdentities(users),
        sessions: memoryUpstreamSessions(),
        unsolicited: memoryUnsolicitedIdentities(),
        watch: { left: () => undefined, returned: () => undefined },
        redirectsTo: async () => upstream,
        asksDirectory: async ({ name }) => directory.as(name),
      },
      factors,
      recoveryCodes: memoryRecoveryCodes(written),
      factorRecoveries: memoryFactorRecoveries(factors, written),
      sessions: memoryOwnSessions(written),
      devices: memoryDevices(written),
      profiles: memoryProfiles(written),
      riskCounters: memoryRiskCounters(),
      places: { find: () => null },
      badNetworks: noBadNetworks,
      riskWatch: { judged: () => undefined, asked: () => undefined, answered: () => undefined },
      apps: authenticatorApps(random),
      passkeys: passkeyCeremonies,
      events: memoryEvents(written),
      attempts: memoryBudgets(),
      users,
      writer: users,
      pools,
      clients: memoryClients(pools),
      passwords,
      commonPasswords: { load: async () => new Set<string>() },
      compromised: breaches,
      triggers: { ...noTriggers, ...options.triggers },
      messages: {
        compose: async ({ purpose, to, facts, locale, expiresAt }) =>
          ok({
            id: random.uuidAt(now),
            poolId: pool.id,
            purpose,
            message: { channel: 'sms' as const, to: to.address, text: JSON.stringify(facts), locale },
            createdAt: now,
            expiresAt,
          }),
      },
      sending: { refused: () => undefined },
      links: { base: (poolId: string) => `https://auth.example.com/${poolId}` },
      hashes: keyRing('x'.repeat(43)),
      clock: { now: () => now },
      random,
    } satisfies JourneyPorts,
    (name) => {
      calls[name] = (calls[name] ?? 0) + 1
    },
  )

  const seed = async ({ passwordPlain = GOOD_PASSWORD, password, ...overrides }: PersonToSeed): Promise<User> => {
    const user = aUser(pool.id, overrides)
    const names = namesOfUser(pool, user.username, user.attributes)
    if (!names.ok) throw new Error(`not a person of this pool: ${names.failure.code}`)
    const stored = passwordPlain === null ? null : aPassword(await plainHasher().hash(passwordPlain), password)
    const created = await users.create({ user, names: names.value, password: stored }, { events: [] })
    if (!created.ok) throw new Error(created.failure.code)
    return user
  }
  for (const person of options.people ?? []) await seed(person)

  const inFlow = async (overrides: Parameters<typeof aFlow>[1]): Promise<Pick<Journey, 'flow' | 'post'>> => {
    const opened = aFlow(pool.id, { clientId: client.id, ...overrides })
    await ports.flows.open(opened, { events: [] })
    const flow = async (): Promise<Flow> => {
      const found = await ports.flows.find(pool.id, opened.id)
      if (found === null) throw new Error('the journey is over')
      return found
    }
    return {
      flow,
      async post(form = {}, step, { ip = '203.0.113.7', ...more } = {}) {
        const current = await flow()
        return submitStep(ports)({
          flow: current,
          pool,
          client,
          step: step ?? current.step,
          form: { _step: stepToken(ports.hashes, current), ...form },
          context: { requestId: 'request', ip, userAgent: 'a browser', ...more },
          idleSeconds: 3600,
        })
      },
    }
  }

  const sent = (): SentMessage[] => written.messages.map(sentMessage)
  return {
    ...(await inFlow({ ...(options.step && { step: options.step }), state: options.state ?? {} })),
    another: (overrides) => inFlow({ step: 'sign-in', ...overrides }),
    ports,
    upstream,
    directory,
    providerStore,
    pool,
    client,
    users,
    breaches,
    written,
    wait(seconds) {
      now = new Date(now.getTime() + seconds * 1000)
    },
    sent,
    code: () => sent().findLast(({ code }) => code !== '')?.code ?? '',
    seed,
    calls() {
      const counted = calls
      calls = {}
      return counted
    },
  }
}
