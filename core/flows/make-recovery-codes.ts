import { newEvent } from '../events/index.ts'
import { newRecoveryCodes, readRecoveryCode, recoveryCodeHash } from '../factors/index.ts'
import type { User } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** Ten new codes, to be shown once; the former ones stop working. */
export const makeRecoveryCodes = async (
  ports: JourneyPorts,
  { pool, client, flow, context, now }: StepInput,
  user: User,
): Promise<readonly string[]> => {
  const codes = newRecoveryCodes(ports.random)
  const hashes = codes.map((code) => recoveryCodeHash(ports.hashes, pool.id, user.sub, readRecoveryCode(code) ?? code))
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'recovery_codes.made',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
  })
  await ports.recoveryCodes.replace(pool.id, user.sub, hashes, now, { events: [event] })
  return codes
}

/** Codes for who has set up a factor. Null: the pool gives none, or the person has theirs. */
export const firstRecoveryCodes = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
): Promise<readonly string[] | null> => {
  if (!input.pool.settings.factors.recoveryCodes) return null
  if ((await ports.recoveryCodes.count(input.pool.id, user.sub)) !== null) return null
  return makeRecoveryCodes(ports, input, user)
}
