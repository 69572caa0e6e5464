import { exceptionFor } from './address-lists.ts'
import type { RiskFacts } from './facts.ts'
import type { RISK_LEVELS, RiskSettings } from './risk-settings.ts'
import type { RiskReason, Telling } from './signal.ts'
import { PERSONAL, SIGNAL_NAMES, SIGNALS, type SignalName } from './signals/index.ts'

export type RiskLevel = 'none' | (typeof RISK_LEVELS)[number]

/** One signal's part in a score: enough to say later, in any language, why. */
export interface RiskPart {
  signal: SignalName
  reason: RiskReason
  params: Telling['params']
  /** Points it is worth in this pool. */
  weight: number
  /** 0 to 1: how far it applied, after what a short history takes away. */
  strength: number
  /** `weight × strength`: what it added. */
  points: number
}

export interface RiskAssessment {
  /** 0 to 1; null where an address list decided and nothing was computed. */
  score: number | null
  level: RiskLevel
  /** The strongest first. */
  parts: readonly RiskPart[]
  /** The person has fewer sign-ins than the pool's `coldStartSignIns`: what is new about them was counted in part. */
  coldStart: { signIns: number; needed: number } | null
  /** Points by the person's earlier answers to "was this you?". */
  caution: number
  /** The address is on one of the pool's two lists. */
  exception: 'denied' | 'allowed' | null
}

/** Log odds that an ordinary sign-in, of which no signal has anything to say, is somebody else's: under 1 in 100. */
export const BASE_POINTS = -5

/** Half of what the person's answers have added or taken away is left after that long. */
const CAUTION_HALF_LIFE_SECONDS = 90 * 24 * 3600

/** What earlier answers are still worth. */
const cautionAt = ({ caution }: RiskFacts['profile'], at: Date): number => {
  // A time that is none takes nothing away, and must not make a score that is none.
  const seconds = Math.max(0, at.getTime() / 1000 - caution.at) || 0
  return caution.points === 0 ? 0 : caution.points * 0.5 ** (seconds / CAUTION_HALF_LIFE_SECONDS)
}

/** A short history makes everything new; that much of it is believed. */
const belief = (facts: RiskFacts, needed: number): number =>
  needed === 0 ? 1 : Math.min(1, facts.profile.signIns / needed)

const levelOf = (score: number, { low, medium, high }: RiskSettings['thresholds']): RiskLevel => {
  if (score >= high) return 'high'
  if (score >= medium) return 'medium'
  return score >= low ? 'low' : 'none'
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** What each signal has to say of a sign-in, before it is weighed. Signals that are silent are left out. */
export const readSignals = (settings: RiskSettings, facts: RiskFacts): Omit<RiskPart, 'weight' | 'points'>[] => {
  const personal = belief(facts, settings.coldStartSignIns)
  return SIGNAL_NAMES.flatMap((signal) => {
    const telling = SIGNALS[signal](facts)
    if (telling === null) return []
    // An address that cannot be read is no matter of the person's history.
    const isDamped = PERSONAL.has(signal) && telling.reason !== 'unknownNetwork'
    const strength = rounded(telling.strength * (isDamped ? personal : 1))
    return strength === 0 ? [] : [{ signal, reason: telling.reason, params: telling.params, strength }]
  })
}

/**
 * Judges one sign-in. Each signal adds points, `weight × strength`; the score is the logistic of their sum, so that two
 * signals together weigh more than each of them twice apart, and none can go beyond 1.
 *
 * Pure: changes nothing, knows no clock but `facts.request.at`. To be asked after the password was right and before anything
 * is granted, whatever the mode is (but `off`).
 */
export const assessRisk = (settings: RiskSettings, facts: RiskFacts): RiskAssessment => {
  const { profile, request } = facts
  const coldStart =
    profile.signIns < settings.coldStartSignIns ? { signIns: profile.signIns, needed: settings.coldStartSignIns } : null
  const exception = exceptionFor(settings, request.ip)
  if (exception !== null) return { score: null, level: 'none', parts: [], coldStart, caution: 0, exception }
  const parts = readSignals(settings, facts)
    .map((part) => {
      const weight = settings.weights[part.signal]
      return { ...part, weight, points: rounded(weight * part.strength) }
    })
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
  const caution = rounded(cautionAt(profile, request.at))
  const sum = parts.reduce((total, { points }) => total + points, BASE_POINTS + caution)
  const score = rounded(1 / (1 + Math.exp(-sum)))
  return { score, level: levelOf(score, settings.thresholds), parts, coldStart, caution, exception: null }
}
