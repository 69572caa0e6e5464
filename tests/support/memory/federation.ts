import type { AssertionIds, KeptMetadata } from '#core/federation/ports.ts'

/** Used ids in memory; `now` decides what may be forgotten. */
export const memoryAssertionIds = (now: () => Date): AssertionIds => {
  const used = new Map<string, Date>()
  return {
    async use(poolId, providerId, assertionId, expiresAt) {
      const key = JSON.stringify([poolId, providerId, assertionId])
      const until = used.get(key)
      if (until !== undefined && until > now()) return false
      used.set(key, expiresAt)
      return true
    },
  }
}

export const memoryKeptMetadata = (): KeptMetadata => {
  const documents = new Map<string, string>()
  const keyOf = (poolId: string, providerId: string) => JSON.stringify([poolId, providerId])
  return {
    load: async (poolId, providerId) => documents.get(keyOf(poolId, providerId)) ?? null,
    async keep(poolId, providerId, document) {
      documents.set(keyOf(poolId, providerId), document)
    },
  }
}
