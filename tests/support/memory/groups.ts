import { MAX_GROUPS_PER_USER } from '#core/groups/group.ts'
import type { GroupStore } from '#core/groups/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { keyOf } from './ledger.ts'
import type { MemoryUsers } from './users.ts'

/** Groups in memory, over the directory whose people are in them. */
export const memoryGroups = (users: MemoryUsers): GroupStore => {
  const { groups, ledger } = users
  return {
    find: async (poolId, name) => structuredClone(groups.get(keyOf(poolId, name))?.group ?? null),
    list: async (poolId) =>
      structuredClone([...groups.values()].flatMap(({ group }) => (group.poolId === poolId ? [group] : []))).sort(
        (a, b) => (a.name < b.name ? -1 : 1),
      ),
    async create(group, alongside) {
      const key = keyOf(group.poolId, group.name)
      if (groups.has(key)) return fail('already-exists')
      groups.set(key, { group: structuredClone(group), members: new Set() })
      ledger.add(alongside)
      return ok(structuredClone(group))
    },
    async update(poolId, name, change, alongside) {
      const kept = groups.get(keyOf(poolId, name))
      if (!kept) return fail('group-unknown')
      kept.group = { ...kept.group, ...change }
      ledger.add(alongside)
      return ok(structuredClone(kept.group))
    },
    async delete(poolId, name, alongside) {
      if (!groups.delete(keyOf(poolId, name))) return fail('group-unknown')
      ledger.add(alongside)
      return ok(undefined)
    },
    async addMember(poolId, name, sub, _at, alongside) {
      const user = await users.findBySub(poolId, sub)
      // No waiting from here on: of two at once the second sees what the first did.
      const kept = groups.get(keyOf(poolId, name))
      if (!kept) return fail('group-unknown')
      if (!user) return fail('user-missing')
      const inOthers = [...groups.values()].filter(
        ({ group, members }) => group.poolId === poolId && group.name !== name && members.has(sub),
      )
      if (inOthers.length >= MAX_GROUPS_PER_USER)
        return fail('state-refused', { because: `in ${MAX_GROUPS_PER_USER} groups already` })
      kept.members.add(sub)
      ledger.add(alongside)
      return ok(undefined)
    },
    async removeMember(poolId, name, sub, alongside) {
      const kept = groups.get(keyOf(poolId, name))
      if (!kept) return fail('group-unknown')
      kept.members.delete(sub)
      ledger.add(alongside)
      return ok(undefined)
    },
  }
}
