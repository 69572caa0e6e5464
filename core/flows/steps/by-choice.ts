import type { User } from '../../users/ports.ts'
import { stepAfterProof } from '../after-proof.ts'
import { isCutOff } from '../finish-flow.ts'
import type { JourneyPorts } from '../ports.ts'
import { isPasswordReplaced } from '../replaced-password.ts'
import { moved, type StepAnswer, type StepInput } from '../step-handler.ts'

/** Whom a sign-in that lacks nothing is about; null: gone, disabled, signed out everywhere or given another password since. */
export const provenPerson = async (ports: JourneyPorts, { flow, pool }: StepInput): Promise<User | null> => {
  const { proof } = flow.state
  const found = proof === null ? null : await ports.users.findBySub(pool.id, proof.sub)
  if (found === null || proof === null || isPasswordReplaced(flow, found.password)) return null
  const { user } = found
  if (!user.enabled || user.status === 'DELETING') return null
  return isCutOff(proof, user.sessionsValidAfter) ? null : user
}

const ALL_BEFORE = { missingAttributes: true, changePassword: true, offerPasskey: true } as const

/** On from something that nobody had to do. */
export const goOnFromChoice = async (ports: JourneyPorts, input: StepInput, user: User): Promise<StepAnswer> =>
  moved(await stepAfterProof(ports, input, user, ALL_BEFORE), { enrolment: null })
