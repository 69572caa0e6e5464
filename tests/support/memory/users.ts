import type { Group } from '#core/groups/group.ts'
import { fail, ok } from '#core/shared/result.ts'
import type {
  SignInName,
  StoredPassword,
  User,
  UserDirectory,
  UserLister,
  UserWithPassword,
  UserWriter,
} from '#core/users/ports.ts'
import { identityKeyOf, linkRefusal, type MemoryFederation, memoryFederation } from './identities.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

interface Kept {
  user: User
  names: SignInName[]
  password: StoredPassword | null
  /** Newest first. */
  former: string[]
}

export interface MemoryUsers extends UserDirectory, UserWriter, UserLister {
  ledger: Ledger
  /** Shared with `memoryGroups`: groups by pool and name, members by the same key. */
  groups: Map<string, { group: Group; members: Set<string> }>
  /** Shared with `memoryProviders` and `memoryIdentities`. */
  federation: MemoryFederation
  /** Nothing is honoured any more that the person was given before. */
  endSessions(poolId: string, sub: string, at: Date): void
}

const later = (a: Date, b: Date | undefined): Date => (b !== undefined && b > a ? b : a)

/** A directory in memory. Everything happens in one turn of the event loop, so that of two at once exactly one wins. */
export const memoryUsers = (book: Ledger = ledger()): MemoryUsers => {
  const people = new Map<string, Kept>()
  const names = new Map<string, string>()
  const groups: MemoryUsers['groups'] = new Map()
  const federation = memoryFederation()

  const withPassword = (kept: Kept | undefined): UserWithPassword | null =>
    kept === undefined ? null : structuredClone({ user: kept.user, password: kept.password })

  const takenKind = (poolId: string, sub: string, wanted: readonly SignInName[]) =>
    wanted
      .toSorted((a, b) => (a.value < b.value ? -1 : 1))
      .find(({ value }) => (names.get(keyOf(poolId, value)) ?? sub) !== sub)?.kind

  const replaceNames = (poolId: string, kept: Kept, wanted: readonly SignInName[]): void => {
    for (const { value } of kept.names) names.delete(keyOf(poolId, value))
    for (const { value } of wanted) names.set(keyOf(poolId, value), kept.user.sub)
    kept.names = [...wanted]
  }

  type Change = Omit<Parameters<UserWriter['update']>[2], 'names'>
  const changeUser = (
    kept: Kept,
    { attributes = {}, status, enabled, sessionsValidAfter, lastSignInAt, at }: Change,
  ): User => {
    const merged = Object.entries({ ...kept.user.attributes, ...attributes }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    )
    const { user } = kept
    kept.user = {
      ...user,
      attributes: Object.fromEntries(merged),
      status: status ?? user.status,
      enabled: enabled ?? user.enabled,
      sessionsValidAfter: later(user.sessionsValidAfter, sessionsValidAfter),
      lastSignInAt: lastSignInAt ? later(user.lastSignInAt ?? lastSignInAt, lastSignInAt) : user.lastSignInAt,
      updatedAt: later(user.updatedAt, at),
    }
    return structuredClone(kept.user)
  }

  return {
    ledger: book,
    groups,
    federation,
    endSessions(poolId, sub, at) {
      const kept = people.get(keyOf(poolId, sub))
      if (kept !== undefined) changeUser(kept, { sessionsValidAfter: at, at: kept.user.updatedAt })
    },

    async findByName(poolId, name) {
      return withPassword(people.get(keyOf(poolId, names.get(keyOf(poolId, name)) ?? '')))
    },
    async findBySub(poolId, sub) {
      return withPassword(people.get(keyOf(poolId, sub)))
    },
    async groupsOf(poolId, sub) {
      return [...groups.values()]
        .filter(({ group, members }) => group.poolId === poolId && members.has(sub))
        .map(({ group: { name, roleArn, precedence } }) => ({ name, roleArn, precedence }))
        .sort((a, b) => (a.precedence ?? Infinity) - (b.precedence ?? Infinity) || (a.name < b.name ? -1 : 1))
    },
    async formerPasswords(poolId, sub, count) {
      return people.get(keyOf(poolId, sub))?.former.slice(0, count) ?? []
    },

    async create({ user, names: wanted, password, identity }, alongside) {
      const taken = takenKind(user.poolId, user.sub, wanted)
      if (taken) return fail('name-taken', { field: taken })
      const refusal = identity === undefined ? null : linkRefusal(federation, identity, user.sub)
      if (refusal !== null) return fail(refusal)
      if (identity !== undefined)
        federation.identities.set(identityKeyOf(identity), structuredClone({ identity, sub: user.sub, record: null }))
      const kept: Kept = structuredClone({ user, names: [], password, former: [] })
      people.set(keyOf(user.poolId, user.sub), kept)
      replaceNames(user.poolId, kept, wanted)
      book.add(alongside)
      return ok(structuredClone(user))
    },
    async setPassword(poolId, sub, { password, historySize, ...change }, alongside) {
      const kept = people.get(keyOf(poolId, sub))
      if (!kept) return fail('user-missing')
      if (kept.password && !kept.password.isTemporary) kept.former.unshift(kept.password.hash)
      kept.former.splice(historySize)
      kept.password = structuredClone(password)
      book.add(alongside)
      return ok(changeUser(kept, change))
    },
    async rehash(poolId, sub, from, to) {
      const kept = people.get(keyOf(poolId, sub))
      if (kept?.password?.hash === from) kept.password = { ...kept.password, hash: to }
    },
    async update(poolId, sub, { names: wanted, ...change }, alongside) {
      const kept = people.get(keyOf(poolId, sub))
      if (!kept) return fail('user-missing')
      const taken = takenKind(poolId, sub, wanted ?? [])
      if (taken) return fail('name-taken', { field: taken })
      if (wanted) replaceNames(poolId, kept, wanted)
      book.add(alongside)
      return ok(changeUser(kept, change))
    },
    async delete(poolId, sub, alongside) {
      const kept = people.get(keyOf(poolId, sub))
      if (!kept) return fail('user-missing')
      replaceNames(poolId, kept, [])
      people.delete(keyOf(poolId, sub))
      for (const [key, one] of federation.identities)
        if (one.identity.poolId === poolId && one.sub === sub) federation.identities.delete(key)
      for (const { group, members } of groups.values()) if (group.poolId === poolId) members.delete(sub)
      book.add(alongside)
      return ok(undefined)
    },

    async list(poolId, { nameStartsWith, status, enabled, group }, after, limit) {
      const key = (user: { createdAt: Date; sub: string }) => `${user.createdAt.toISOString()} ${user.sub}`
      const found = [...people.values()]
        .filter(({ user, names: held }) => {
          if (user.poolId !== poolId || (after && key(user) <= key(after))) return false
          if ((status && user.status !== status) || (enabled !== undefined && user.enabled !== enabled)) return false
          if (nameStartsWith !== undefined && !held.some(({ value }) => value.startsWith(nameStartsWith))) return false
          return group === undefined || groups.get(keyOf(poolId, group))?.members.has(user.sub) === true
        })
        .map(({ user }) => structuredClone(user))
        .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      const users = found.slice(0, limit)
      const last = users.at(-1)
      return { users, next: found.length > limit && last ? { createdAt: last.createdAt, sub: last.sub } : null }
    },
  }
}
