import type { RiskSettings } from '#core/risk/index.ts'
import { makeHistory } from './make-history.ts'
import { type Judged, replay } from './replay.ts'
import { readScenarios, type SetName } from './scenario.ts'

/** Seeds are part of what weights are tuned on; the other set has its own. */
export const SEEDS: Readonly<Record<SetName, readonly number[]>> = { tuning: [1, 2, 3], 'hold-out': [7001, 7002, 7003] }

/** Everything that happened in a set, judged: each scenario with each seed, one after the other. */
export const runSet = (set: SetName, settings: RiskSettings, { seeds = SEEDS[set], size = 1 } = {}): Judged[] =>
  readScenarios(set).flatMap((scenario) =>
    seeds.flatMap((seed) => replay(makeHistory(scenario, seed, size), settings, seed)),
  )
