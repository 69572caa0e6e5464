import type { RiskFacts } from './facts.ts'

/** Keys below `risk.reason` in the catalogues: what a signal says, to the person and to the administrator. */
export type RiskReason =
  | 'newDevice'
  | 'borrowedDevice'
  | 'newBrowser'
  | 'newLanguage'
  | 'newNetwork'
  | 'unknownNetwork'
  | 'newPlace'
  | 'impossibleTravel'
  | 'spray'
  | 'accountFailures'
  | 'badNetwork'
  | 'unusualHour'
  | 'freshCredential'
  | 'automation'
  | 'reportedBefore'

export interface Telling {
  /** 0 to 1: how far the signal applies. What that is worth is the pool's weight. */
  strength: number
  reason: RiskReason
  /** For the sentence's placeholders. Countries as codes; the face knows their names. */
  params: Readonly<Record<string, string | number>>
}

/** Looks at one thing. Null when there is nothing to say. Pure. */
export type Signal = (facts: RiskFacts) => Telling | null

/** What a signal says, of a strength of at most 1; null where that is nothing. */
export const tells = (strength: number, reason: RiskReason, params: Telling['params'] = {}): Telling | null =>
  strength > 0 ? { strength: Math.min(1, strength), reason, params } : null

/** 0 at `from`, 1 at `to`, straight between. */
export const ramp = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)))

/** What somebody does all the time tells little when it happens again; some always remains. */
export const surprise = (novelty: number, leastLeft: number): number => 1 - novelty * (1 - leastLeft)
