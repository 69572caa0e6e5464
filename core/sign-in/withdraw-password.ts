import { newEvent } from '../events/index.ts'
import { type Exposure, exposureFacts } from '../passwords/index.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import type { Result } from '../shared/result.ts'
import type { User, UserWriter } from '../users/ports.ts'

export interface WithdrawPassword {
  pool: { id: string }
  clientId: string
  user: User
  exposure: Exposure
  context: RequestContext
}

/**
 * Takes a password that others know out of use, as Cognito's compromised-credentials block: the person becomes
 * RESET_REQUIRED and chooses another by the recovery pages. Whatever was signed in with it is signed out. Fails with
 * `user-missing`.
 */
export const withdrawPassword =
  ({ writer, clock, random }: { writer: UserWriter; clock: Clock; random: Random }) =>
  ({ pool, clientId, user, exposure, context }: WithdrawPassword): Promise<Result<User>> => {
    const now = clock.now()
    return writer.update(
      pool.id,
      user.sub,
      { status: 'RESET_REQUIRED', sessionsValidAfter: now, at: now },
      {
        events: [
          newEvent(random, now, {
            poolId: pool.id,
            ...exposureFacts(exposure),
            outcome: 'failure',
            reason: 'password-reset-required',
            sub: user.sub,
            clientId,
            context,
          }),
        ],
      },
    )
  }
