import type { AssertionIds, KeptMetadata } from '#core/federation/ports.ts'

/** Nothing is forgotten: a test is over before an assertion is. */
export const memoryAssertionIds = (): AssertionIds => {
  const used = new Set<string>()
  return {
    async use(poolId, providerId, assertionId) {
      const key = JSON.stringify([poolId, providerId, assertionId])
      const isFirst = !used.has(key)
      used.add(key)
      return isFirst
    },
  }
}

export const memoryKeptMetadata = (): KeptMetadata => {
  const kept = new Map<string, { document: string; at: Date }>()
  const keyOf = (poolId: string, providerId: string) => JSON.stringify([poolId, providerId])
  return {
    load: async (poolId, providerId) => kept.get(keyOf(poolId, providerId))?.document ?? null,
    async keep(poolId, providerId, document, at) {
      const before = kept.get(keyOf(poolId, providerId))
      if (before === undefined || before.at <= at) kept.set(keyOf(poolId, providerId), { document, at })
    },
  }
}
