import type { RiskAssessment, RiskLevel, RiskPart } from './assess-risk.ts'
import type { RiskDecision } from './decide.ts'
import type { RiskAction } from './risk-settings.ts'

/** Keys below `risk.because` in the catalogues: what shaped a judgement beside its signals. */
export type RiskBecause = 'coldStart' | 'stricter' | 'milder' | 'denied' | 'allowed'

/** What an event keeps of a judgement: enough to say later, in any language, why. Plain JSON. */
export interface StoredRisk {
  /** Null where an address list decided. */
  score: number | null
  level: RiskLevel
  /** What the settings said for the level; in audit, what would have been done. */
  decision: RiskAction
  /** What was done. */
  effect: RiskDecision['effect']
  because: readonly RiskBecause[]
  parts: readonly RiskPart[]
}

const becauseOf = ({ coldStart, caution, exception }: RiskAssessment): RiskBecause[] => [
  ...(exception === null ? [] : [exception]),
  ...(coldStart === null ? [] : ['coldStart' as const]),
  ...(caution > 0 ? ['stricter' as const] : caution < 0 ? ['milder' as const] : []),
]

/** A judgement and what followed from it, as the event of the sign-in keeps them. */
export const storedRiskOf = (assessment: RiskAssessment, decision: RiskDecision): StoredRisk => ({
  score: assessment.score,
  level: assessment.level,
  decision: decision.action,
  effect: decision.effect,
  because: becauseOf(assessment),
  parts: assessment.parts,
})
