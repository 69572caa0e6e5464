import { BASE_POINTS, SIGNAL_NAMES, type SignalName } from '#core/risk/index.ts'
import type { Judged } from './replay.ts'

/** Takeovers are rare; each counts as that many sign-ins. */
const TAKEOVER_COUNTS = 10
/** Pull towards 0, so that a signal which hardly occurs is not believed without bounds. */
const RIDGE = 20
const ROUNDS = 3000
const MOST_POINTS = 6

interface Row {
  strengths: readonly [index: number, strength: number][]
  isTakeover: boolean
  count: number
}

/** Equal rows are counted once: most sign-ins have no signal at all. */
const rowsOf = (judged: readonly Judged[]): Row[] => {
  const rows = new Map<string, Row>()
  for (const { parts, attack } of judged) {
    const strengths = parts.map(
      ({ signal, strength }) => [SIGNAL_NAMES.indexOf(signal), Math.round(strength * 20) / 20] as [number, number],
    )
    const isTakeover = attack !== null
    const key = `${isTakeover} ${strengths.sort(([a], [b]) => a - b).join(' ')}`
    const row = rows.get(key) ?? { strengths, isTakeover, count: 0 }
    row.count += isTakeover ? TAKEOVER_COUNTS : 1
    rows.set(key, row)
  }
  return [...rows.values()]
}

/**
 * Weights by logistic regression: the points that make the judged sign-ins most likely, none of them negative, the base
 * given. Projected gradient descent with a step for each weight by its own curvature.
 */
export const fitWeights = (judged: readonly Judged[]): Record<SignalName, number> => {
  const rows = rowsOf(judged)
  const weights = SIGNAL_NAMES.map(() => 1)
  for (let round = 0; round < ROUNDS; round += 1) {
    const slope = weights.map((weight) => RIDGE * weight)
    const curvature = weights.map(() => RIDGE)
    for (const { strengths, isTakeover, count } of rows) {
      const sum = strengths.reduce((total, [index, strength]) => total + (weights[index] ?? 0) * strength, BASE_POINTS)
      const probability = 1 / (1 + Math.exp(-sum))
      for (const [index, strength] of strengths) {
        slope[index] = (slope[index] ?? 0) + count * (probability - (isTakeover ? 1 : 0)) * strength
        curvature[index] = (curvature[index] ?? 0) + count * probability * (1 - probability) * strength
      }
    }
    for (const [index, weight] of weights.entries()) {
      const next = weight - (0.3 * (slope[index] ?? 0)) / (curvature[index] ?? 1)
      weights[index] = Math.min(MOST_POINTS, Math.max(0, next))
    }
  }
  return Object.fromEntries(
    SIGNAL_NAMES.map((name, index) => [name, Math.round((weights[index] ?? 0) * 100) / 100]),
  ) as Record<SignalName, number>
}
