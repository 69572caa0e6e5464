import type { ConsentStore } from '#core/flows/ports.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

/** What people allowed apps, in memory. */
export const memoryConsents = (book: Ledger = ledger()): ConsentStore => {
  const consents = new Map<string, readonly string[]>()
  return {
    scopes: async (poolId, sub, clientId) => consents.get(keyOf(poolId, sub, clientId)) ?? [],
    async grant(poolId, sub, clientId, scopes, _at, alongside) {
      const key = keyOf(poolId, sub, clientId)
      consents.set(key, [...new Set([...(consents.get(key) ?? []), ...scopes])].sort())
      book.add(alongside)
    },
  }
}
