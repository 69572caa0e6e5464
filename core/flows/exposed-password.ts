import { newEvent } from '../events/index.ts'
import { BUDGETS } from '../limits/index.ts'
import { type Exposure, exposureFacts } from '../passwords/index.ts'
import type { User } from '../users/ports.ts'
import { noticeTo } from './notice.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** The event of an exposed password that was let through, or is about to be replaced. */
export const exposureEvent = (
  ports: Pick<JourneyPorts, 'random'>,
  { flow, pool, client, now, context }: StepInput,
  sub: string,
  exposure: Exposure,
) =>
  newEvent(ports.random, now, {
    poolId: pool.id,
    ...exposureFacts(exposure),
    outcome: exposure.action === 'tell' ? 'success' : 'in-progress',
    sub,
    clientId: client.id,
    flowId: flow.id,
    context,
  })

/**
 * What a right password that others know brings about at sign-in: an event, and by `tell` a mail, at most one a week. Says
 * what is owed: a new password, once everything else is proven.
 */
export const noteExposure = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  exposure: Exposure | null,
): Promise<'exposed' | null> => {
  if (exposure === null) return null
  const { pool, now } = input
  const isTold =
    exposure.action === 'tell' &&
    !(await ports.attempts.take(pool.id, 'tell.password-exposed', user.sub, BUDGETS['tell.password-exposed'], now))
      .isSpent
  await ports.events.write({
    events: [exposureEvent(ports, input, user.sub, exposure)],
    messages: isTold ? await noticeTo(ports, input, user, 'password-exposed') : [],
  })
  return exposure.action === 'tell' ? null : 'exposed'
}
