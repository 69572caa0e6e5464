import type { ProfileStore, RiskCounters, SignInFeedback, StoredProfile } from '#core/risk/index.ts'
import { RISK_WINDOW_SECONDS } from '#core/risk/index.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

/** Profiles in memory; each act is one turn of the event loop. */
export const memoryProfiles = (book: Ledger = ledger()): ProfileStore => {
  const profiles = new Map<string, StoredProfile>()
  return {
    find: async (poolId, sub) => structuredClone(profiles.get(keyOf(poolId, sub)) ?? null),
    async save(poolId, sub, profile, version, _at, alongside = { events: [] }) {
      if ((profiles.get(keyOf(poolId, sub))?.version ?? 0) !== version) return false
      profiles.set(keyOf(poolId, sub), structuredClone({ profile, version: version + 1 }))
      book.add(alongside)
      return true
    },
  }
}

export const memoryRiskCounters = (): RiskCounters => {
  const buckets = new Map<string, { count: number; resetAt: number }>()
  const countUp = (key: string, at: Date): number => {
    const known = buckets.get(key)
    const isOver = known === undefined || known.resetAt <= at.getTime()
    const next = isOver
      ? { count: 1, resetAt: at.getTime() + RISK_WINDOW_SECONDS * 1000 }
      : { ...known, count: known.count + 1 }
    buckets.set(key, next)
    return next.count
  }
  const countOf = (key: string, at: Date): number => {
    const known = buckets.get(key)
    return known === undefined || known.resetAt <= at.getTime() ? 0 : known.count
  }
  return {
    async noteFailure(poolId, account, network, at) {
      countUp(keyOf(poolId, 'account', account), at)
      if (countUp(keyOf(poolId, 'pair', network, account), at) === 1) countUp(keyOf(poolId, 'network', network), at)
    },
    read: async (poolId, account, network, at) => ({
      accountFailures: countOf(keyOf(poolId, 'account', account), at),
      networkAccounts: countOf(keyOf(poolId, 'network', network), at),
    }),
  }
}

/** What was said of the events of a ledger. */
export const memoryFeedback = (book: Ledger): SignInFeedback => ({
  async give(poolId, sub, eventId, feedback, alongside) {
    const event = book.events.findLast(
      (each) => each.poolId === poolId && each.sub === sub && each.id === eventId && each.type === 'sign_in',
    )
    if (event === undefined || event.feedback !== null) return null
    event.feedback = feedback
    book.add(alongside)
    return { at: event.createdAt, ip: event.ip, userAgent: event.userAgent, country: event.place?.country ?? null }
  },
})
