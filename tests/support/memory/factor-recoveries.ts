import type { FactorRecovery, FactorRecoveryStore } from '#core/factors/factor-recovery.ts'
import type { FactorStore } from '#core/factors/ports.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

/** Requests to replace a lost factor, in memory; every decision is one turn of the event loop. */
export const memoryFactorRecoveries = (
  factors: Pick<FactorStore, 'removeAll'>,
  book: Ledger = ledger(),
): FactorRecoveryStore => {
  const live = new Map<string, FactorRecovery>()
  const at = (poolId: string, sub: string, now: Date): FactorRecovery | null => {
    const found = live.get(keyOf(poolId, sub))
    return found !== undefined && found.expiresAt > now ? found : null
  }
  return {
    async find(poolId, sub, passwordChangedAt, now) {
      const found = at(poolId, sub, now)
      return found !== null && +found.passwordChangedAt === +passwordChangedAt ? structuredClone(found) : null
    },
    async request(wish, alongside) {
      const found = at(wish.poolId, wish.sub, wish.requestedAt)
      if (found !== null && +found.passwordChangedAt === +wish.passwordChangedAt) return false
      live.set(keyOf(wish.poolId, wish.sub), structuredClone(wish))
      book.add(alongside)
      return true
    },
    async cancel(poolId, sub, now, alongside) {
      if (at(poolId, sub, now) === null) return false
      live.delete(keyOf(poolId, sub))
      book.add(alongside)
      return true
    },
    async findByToken(poolId, tokenHash, now) {
      const found = [...live.values()].find((each) => each.poolId === poolId && each.tokenHash === tokenHash)
      return found === undefined || found.expiresAt <= now ? null : structuredClone(found)
    },
    async complete(poolId, sub, passwordChangedAt, now, alongside) {
      const found = at(poolId, sub, now)
      if (found === null || found.readyAt > now || +found.passwordChangedAt !== +passwordChangedAt) return false
      live.delete(keyOf(poolId, sub))
      await factors.removeAll(poolId, sub, alongside)
      return true
    },
  }
}
