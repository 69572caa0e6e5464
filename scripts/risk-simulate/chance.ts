/** Randomness that repeats (mulberry32), with the distributions that histories are made of. */
export interface Chance {
  /** 0 inclusive to 1 exclusive. */
  next(): number
  is(probability: number): boolean
  between(least: number, most: number): number
  whole(least: number, most: number): number
  pick<T>(from: readonly T[]): T
  weighted<K extends string>(weights: Partial<Record<K, number>>): K
  normal(mean: number, deviation: number): number
  poisson(mean: number): number
  /** Waiting time with that mean. */
  wait(mean: number): number
  /** A chance of its own, for a part whose length may change without changing what comes after. */
  branch(): Chance
}

export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + next() * (most - least)
  const whole = (least: number, most: number) => Math.floor(between(least, most + 1))
  return {
    next,
    between,
    whole,
    is: (probability) => next() < probability,
    pick(from) {
      const one = from[Math.floor(next() * from.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
    weighted<K extends string>(weights: Partial<Record<K, number>>): K {
      const entries = Object.entries(weights) as [K, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        left -= weight
        if (left < 0) return name
      }
      throw new Error('nothing to weigh')
    },
    normal: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson(mean) {
      const limit = Math.exp(-mean)
      let count = 0
      for (let product = next(); product > limit; product *= next()) count += 1
      return count
    },
    wait: (mean) => -mean * Math.log(1 - next()),
    branch: () => chanceOf(Math.floor(next() * 2 ** 32)),
  }
}
