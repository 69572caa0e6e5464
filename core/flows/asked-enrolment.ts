import { acceptedFactors, acceptsFactor, isFresh, type MethodProof } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { FlowRequest, FlowState } from './flow.ts'
import type { FlowStep } from './flow-view.ts'
import type { JourneyPorts } from './ports.ts'

export type AskedEnrolment = 'totp' | 'passkey'

/** The pages that set a factor up, and the one that follows: who is there has been asked. */
const ENROLMENT_STEPS: ReadonlySet<FlowStep> = new Set(['enrol-totp', 'enrol-passkey', 'recovery-codes'])

const askedBy = ({ screen }: Pick<FlowRequest, 'screen'>): AskedEnrolment | null =>
  screen === 'enrol-totp' ? 'totp' : screen === 'enrol-passkey' ? 'passkey' : null

/** Whether the journey was begun to set a factor up. */
export const isAskedEnrolment = (request: Pick<FlowRequest, 'screen'>): boolean => askedBy(request) !== null

export interface Asking {
  pool: Pool
  request: Pick<FlowRequest, 'screen'>
  sub: string
  proofs: readonly MethodProof[]
  now: Date
}

/**
 * Where a journey goes that a person came to set up a factor by (`screen_hint=enrol-totp`, `enrol-passkey`): a new factor
 * can take an account from its owner, so the strongest sort they have must have been shown within ten minutes. Null: that
 * was not asked, is not of this pool, or they have not.
 */
export const askedEnrolment = async (
  { factors, apps }: Pick<JourneyPorts, 'factors' | 'apps'>,
  { pool, request, sub, proofs, now }: Asking,
): Promise<{ step: FlowStep; state: Partial<FlowState> } | null> => {
  const kind = askedBy(request)
  if (kind === null || !acceptsFactor(pool.settings, kind)) return null
  if (!isFresh(proofs, acceptedFactors(pool.settings, await factors.list(pool.id, sub)), now)) return null
  return {
    step: `enrol-${kind}`,
    state: {
      proof: null,
      account: null,
      challenge: { sub, reason: 'person', factorId: null, mayEnrol: true },
      enrolment: kind === 'totp' ? { kind, secret: apps.newSecret() } : null,
    },
  }
}

/** Whether the journey has been to the page of a factor already. */
export const hasEnrolled = ({ step }: { step: FlowStep }): boolean => ENROLMENT_STEPS.has(step)
