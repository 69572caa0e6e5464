import { RISK_WINDOW_SECONDS, type RiskCounts } from '#core/risk/index.ts'

interface Bucket {
  count: number
  resetAt: number
}

/**
 * The counters of `RiskCounters` in memory, with the same rule as the statement in its description: the pair of network and
 * account counts itself, and the network only when the pair is new.
 */
export const windowCounters = () => {
  const buckets = new Map<string, Bucket>()
  const take = (key: string, now: number): number => {
    const known = buckets.get(key)
    const bucket =
      known !== undefined && known.resetAt > now ? known : { count: 0, resetAt: now + RISK_WINDOW_SECONDS * 1000 }
    bucket.count += 1
    buckets.set(key, bucket)
    return bucket.count
  }
  const peek = (key: string, now: number): number => {
    const bucket = buckets.get(key)
    return bucket !== undefined && bucket.resetAt > now ? bucket.count : 0
  }
  return {
    noteFailure(account: string, network: string, now: number): void {
      take(`a ${account}`, now)
      if (take(`p ${network} ${account}`, now) === 1) take(`n ${network}`, now)
    },
    read: (account: string, network: string, now: number): RiskCounts => ({
      accountFailures: peek(`a ${account}`, now),
      networkAccounts: peek(`n ${network}`, now),
    }),
    clear: (account: string): void => void buckets.delete(`a ${account}`),
  }
}
