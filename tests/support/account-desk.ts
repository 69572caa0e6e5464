import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { AccountPorts, Doer } from '#core/account/index.ts'
import type { Factor, FactorKind, MethodProof } from '#core/factors/index.ts'
import type { ProviderStore } from '#core/federation/index.ts'
import { aJourney, ann, type Journey, type JourneyOptions } from './journey.ts'
import {
  memoryContactChanges,
  memoryDataExports,
  memoryDeletions,
  memoryOwnSessions,
  noAppAccesses,
} from './memory/account.ts'
import { memoryEventHistory } from './memory/events.ts'
import { memoryIdentities, memoryProviders } from './memory/identities.ts'
import { memoryPools } from './memory/pools.ts'

export const FROM = { requestId: 'request', ip: '198.51.100.7', userAgent: null }

export interface Desk
  extends Pick<Journey, 'pool' | 'written' | 'users' | 'wait' | 'sent' | 'code' | 'seed' | 'directory'> {
  ports: AccountPorts
  /** Connects providers and identities to the pool. */
  providers: ProviderStore
  sessions: ReturnType<typeof memoryOwnSessions>
  /** Ann at her own account, with a password typed a moment ago unless told otherwise. */
  doer(overrides?: Partial<Doer>): Doer
  proven(method: MethodProof['method'], secondsAgo?: number): MethodProof
  enrol(kind: FactorKind, sub?: string): Promise<Factor>
}

/** A person's own account, everything behind it in memory. Ann is there; others where they are asked for. */
export const aDesk = async (options: JourneyOptions = {}): Promise<Desk> => {
  const journey = await aJourney({
    ...options,
    people: [ann({ passwordPlain: 'correct-horse-staple' }), ...(options.people ?? [])],
  })
  const { pool, client, users, written } = journey
  const sessions = memoryOwnSessions(written)
  const secrets = keyRing('x'.repeat(43))
  const pools = memoryPools(written)
  await pools.create(pool, { events: [] })
  const ports: AccountPorts = {
    ...journey.ports,
    providers: memoryProviders(pools, users),
    identities: memoryIdentities(users, sessions),
    asksDirectory: journey.ports.federation.asksDirectory,
    ownSessions: sessions,
    appAccesses: noAppAccesses,
    contactChanges: memoryContactChanges(written),
    deletions: memoryDeletions(
      { find: async (poolId, sub) => (await users.findBySub(poolId, sub))?.user ?? null },
      written,
    ),
    dataExports: memoryDataExports(written),
    history: memoryEventHistory(written),
    answerSignIn: async () => ({ ok: true, value: undefined }),
    sealer: secrets,
  }
  const proven = (method: MethodProof['method'], secondsAgo = 0): MethodProof => ({
    method,
    at: journey.ports.clock.now().getTime() - secondsAgo * 1000,
  })
  const sub = ann().sub ?? ''
  return {
    ...journey,
    ports,
    providers: memoryProviders(pools, users),
    sessions,
    proven,
    doer: (overrides = {}) => ({
      pool,
      sub,
      sessionId: 'here',
      proofs: [proven('password')],
      client,
      locale: 'en',
      context: FROM,
      ...overrides,
    }),
    async enrol(kind, whose = sub) {
      const factor: Factor = {
        poolId: pool.id,
        sub: whose,
        id: kind,
        kind,
        name: null,
        address: null,
        credentialId: kind === 'passkey' ? `credential-of-${whose}` : null,
        passkey: null,
        counter: 0,
        createdAt: journey.ports.clock.now(),
        lastUsedAt: null,
      }
      await ports.factors.enrol({ ...factor, secret: null }, { events: [] })
      return factor
    },
  }
}

/** The code of a refusal; null where it was none. */
export const refusalIn = async (answer: Promise<{ ok: true } | { ok: false; failure: { code: string } }>) => {
  const result = await answer
  return result.ok ? null : result.failure.code
}
