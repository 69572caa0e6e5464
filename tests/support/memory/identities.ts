import { isDeepStrictEqual } from 'node:util'
import type { OwnSessions } from '#core/account/ports.ts'
import { type IdentityKey, isSubject, type LinkedIdentity } from '#core/federation/federated-profile.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import { MOST_LINKED_IDENTITIES } from '#core/federation/link-decision.ts'
import type {
  IdentityStore,
  KeptUpstreamSession,
  ProviderStore,
  UnsolicitedIdentities,
  UpstreamRecord,
  UpstreamSessionStore,
} from '#core/federation/ports.ts'
import { dropsTokens, keepsTokens } from '#core/federation/token-settings.ts'
import { fail, ok } from '#core/shared/result.ts'
import { keyOf } from './ledger.ts'
import type { MemoryPools } from './pools.ts'
import type { MemoryUsers } from './users.ts'

export interface KeptIdentity {
  identity: LinkedIdentity
  sub: string
  record: UpstreamRecord | null
}

/** What people and providers have in common, kept where the people are: their directory writes some of it. */
export interface MemoryFederation {
  providers: Map<string, { provider: IdentityProvider; secret: string | null }>
  identities: Map<string, KeptIdentity>
}

export const memoryFederation = (): MemoryFederation => ({ providers: new Map(), identities: new Map() })

export const identityKeyOf = ({ poolId, provider, subject }: IdentityKey): string => keyOf(poolId, provider, subject)

/** Why an identity cannot be linked to a person who is there; null: it can. */
export const linkRefusal = ({ providers, identities }: MemoryFederation, identity: LinkedIdentity, sub: string) => {
  if (!isSubject(identity.subject)) return 'upstream-invalid'
  if (!providers.has(keyOf(identity.poolId, identity.provider))) return 'provider-unknown'
  if (identities.has(identityKeyOf(identity))) return 'identity-taken'
  const theirs = [...identities.values()].filter((kept) => kept.identity.poolId === identity.poolId && kept.sub === sub)
  return theirs.length >= MOST_LINKED_IDENTITIES ? 'too-many-identities' : null
}

/** Providers in memory, over the directory whose people they sign in. */
export const memoryProviders = (pools: MemoryPools, users: MemoryUsers): ProviderStore => {
  const { providers, identities } = users.federation
  const ofPool = (poolId: string) => [...providers.values()].filter(({ provider }) => provider.poolId === poolId)
  const isTaken = ({ poolId, name, settings }: IdentityProvider): boolean => {
    const words = settings.identifiers.map((word) => word.toLowerCase())
    return ofPool(poolId).some(
      ({ provider }) =>
        provider.name !== name &&
        (provider.name.toLowerCase() === name.toLowerCase() ||
          provider.settings.identifiers.some((word) => words.includes(word.toLowerCase()))),
    )
  }
  const endSessionsBy = (poolId: string, name: string, at: Date): void => {
    for (const { identity, sub } of identities.values())
      if (identity.poolId === poolId && identity.provider === name) users.endSessions(poolId, sub, at)
  }
  return {
    list: async (poolId) =>
      structuredClone(ofPool(poolId).map(({ provider }) => provider)).sort(
        (a, b) => a.settings.position - b.settings.position || (a.name < b.name ? -1 : 1),
      ),
    find: async (poolId, name) => structuredClone(providers.get(keyOf(poolId, name))?.provider ?? null),
    async create(provider, secret, alongside) {
      if ((await pools.find(provider.poolId)) === null) return fail('pool-unknown')
      const key = keyOf(provider.poolId, provider.name)
      if (providers.has(key) || isTaken(provider)) return fail('already-exists')
      pools.bump(provider.poolId)
      providers.set(key, structuredClone({ provider, secret }))
      users.ledger.add(alongside)
      return ok(undefined)
    },
    async change(provider, secret, alongside, endSessionsAt) {
      const kept = providers.get(keyOf(provider.poolId, provider.name))
      if (kept === undefined) return fail('provider-unknown')
      if (isTaken(provider)) return fail('already-exists')
      pools.bump(provider.poolId)
      const { settings } = kept.provider
      kept.provider = structuredClone({ ...provider, createdAt: kept.provider.createdAt })
      if (secret !== undefined) kept.secret = secret
      if (dropsTokens(settings, provider.settings))
        for (const { identity, record } of identities.values())
          if (identity.poolId === provider.poolId && identity.provider === provider.name && record !== null)
            record.tokens = null
      if (endSessionsAt !== undefined) endSessionsBy(provider.poolId, provider.name, endSessionsAt)
      users.ledger.add(alongside)
      return ok(undefined)
    },
    async delete(poolId, name, alongside) {
      if (!providers.delete(keyOf(poolId, name))) return fail('provider-unknown')
      pools.bump(poolId)
      const [event] = alongside.events
      if (event !== undefined) endSessionsBy(poolId, name, event.createdAt)
      for (const [key, { identity }] of identities)
        if (identity.poolId === poolId && identity.provider === name) identities.delete(key)
      users.ledger.add(alongside)
      return ok(undefined)
    },
    secret: async (poolId, name) => providers.get(keyOf(poolId, name))?.secret ?? null,
    endSessionsBy: async (poolId, name, at) => endSessionsBy(poolId, name, at),
  }
}

/** Identities in memory, over the directory whose people have them; `sessions`: theirs, where a test looks at them. */
export const memoryIdentities = (users: MemoryUsers, sessions?: Pick<OwnSessions, 'endOthers'>): IdentityStore => {
  const { federation, groups, ledger } = users
  const { identities, providers } = federation
  const keepsTokensOf = ({ poolId, provider }: IdentityKey): boolean => {
    const known = providers.get(keyOf(poolId, provider))
    return known !== undefined && keepsTokens(known.provider.settings)
  }
  return {
    async find(key) {
      const kept = identities.get(identityKeyOf(key))
      return kept === undefined ? null : structuredClone({ ...kept.identity, sub: kept.sub })
    },
    list: async (poolId, sub) =>
      structuredClone(
        [...identities.values()].flatMap((kept) =>
          kept.identity.poolId === poolId && kept.sub === sub ? [kept.identity] : [],
        ),
      ).sort(
        (a, b) =>
          Number(b.isPrimary) - Number(a.isPrimary) ||
          +a.linkedAt - +b.linkedAt ||
          (identityKeyOf(a) < identityKeyOf(b) ? -1 : 1),
      ),
    async link(identity, sub, alongside) {
      const person = await users.findBySub(identity.poolId, sub)
      // No waiting from here on: of two at once the second sees what the first did.
      const refusal = linkRefusal(federation, identity, sub)
      if (refusal === 'upstream-invalid' || refusal === 'provider-unknown') return fail(refusal)
      if (person === null) return fail('user-missing')
      if (refusal !== null) return fail(refusal)
      identities.set(identityKeyOf(identity), structuredClone({ identity, sub, record: null }))
      ledger.add(alongside)
      return ok(undefined)
    },
    async unlink(key, sub, alongside, { endSessionsAt, keepSession, keepOneOf } = {}) {
      if (identities.get(identityKeyOf(key))?.sub !== sub) return fail('identity-unknown')
      const others = [...identities.entries()].filter(
        ([other, { identity, sub: whose }]) =>
          other !== identityKeyOf(key) &&
          identity.poolId === key.poolId &&
          whose === sub &&
          keepOneOf?.includes(identity.provider),
      )
      if (keepOneOf !== undefined && others.length === 0) return fail('last-way-in')
      identities.delete(identityKeyOf(key))
      if (keepSession !== undefined) await sessions?.endOthers(key.poolId, sub, keepSession, { events: [] })
      else if (endSessionsAt !== undefined) users.endSessions(key.poolId, sub, endSessionsAt)
      ledger.add(alongside)
      return ok(undefined)
    },
    async note(key, record, { into, outOf }) {
      const kept = identities.get(identityKeyOf(key))
      if (kept === undefined || (kept.record !== null && kept.record.at > record.at)) return
      kept.record = structuredClone({ ...record, tokens: keepsTokensOf(key) ? record.tokens : null })
      for (const name of outOf) if (!into.includes(name)) groups.get(keyOf(key.poolId, name))?.members.delete(kept.sub)
      for (const name of into) {
        const group = groups.get(keyOf(key.poolId, name)) ?? {
          group: {
            poolId: key.poolId,
            name,
            description: null,
            roleArn: null,
            precedence: null,
            createdAt: record.at,
          },
          members: new Set<string>(),
        }
        groups.set(keyOf(key.poolId, name), group)
        group.members.add(kept.sub)
      }
    },
    async keepTokens(key, tokens, at) {
      const record = identities.get(identityKeyOf(key))?.record ?? null
      if (record === null || +record.at !== +at || !keepsTokensOf(key)) return false
      record.tokens = structuredClone(tokens)
      return true
    },
    async dropTokens(key, tokens) {
      const record = identities.get(identityKeyOf(key))?.record ?? null
      if (record !== null && isDeepStrictEqual(record.tokens, tokens)) record.tokens = null
    },
    record: async (key) => structuredClone(identities.get(identityKeyOf(key))?.record ?? null),
  }
}

export const memoryUpstreamSessions = (): UpstreamSessionStore => {
  const kept = new Map<string, { session: KeptUpstreamSession; nameId: string | undefined }>()
  return {
    async keep(session, nameId) {
      const key = keyOf(session.poolId, session.id)
      if (!kept.has(key)) kept.set(key, { session: structuredClone(session), nameId })
    },
    async find(poolId, id, now) {
      const found = kept.get(keyOf(poolId, id))?.session
      return found === undefined || found.expiresAt <= now ? null : structuredClone(found)
    },
    async peopleNamed(poolId, provider, name, now) {
      const theirs = [...kept.values()].filter(
        ({ session, nameId }) =>
          session.poolId === poolId && session.provider === provider && nameId === name && session.expiresAt > now,
      )
      return [...new Set(theirs.map(({ session }) => session.sub))]
    },
  }
}

export const memoryUnsolicitedIdentities = (): UnsolicitedIdentities => {
  const kept = new Map<string, Parameters<UnsolicitedIdentities['keep']>[2]>()
  return {
    async keep(poolId, id, identity) {
      kept.set(keyOf(poolId, id), structuredClone(identity))
    },
    async take(poolId, id, now) {
      const found = kept.get(keyOf(poolId, id))
      kept.delete(keyOf(poolId, id))
      return found === undefined || found.expiresAt <= now
        ? null
        : { provider: found.provider, identity: found.identity }
    },
  }
}
