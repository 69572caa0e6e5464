import { newEvent } from '../events/index.ts'
import { BUDGETS } from '../limits/index.ts'
import { type Exposure, exposureFacts } from '../passwords/index.ts'
import type { NewMessage } from '../shared/alongside.ts'
import { destinationOf } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** The notice that others know the password; none for who cannot be reached, or when it cannot be made. */
export const exposureNotice = async (
  ports: JourneyPorts,
  { flow, pool, client }: Pick<StepInput, 'flow' | 'pool' | 'client'>,
  user: User,
): Promise<readonly NewMessage[]> => {
  const to = destinationOf(user.attributes, 'proven-first')
  if (to === null) return []
  const message = await ports.messages.compose({
    pool,
    client,
    purpose: 'password-exposed',
    to,
    locale: flow.state.locale,
    eventId: flow.state.eventId,
    user,
    facts: {},
    expiresAt: null,
  })
  return message.ok ? [message.value] : []
}

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
    messages: isTold ? await exposureNotice(ports, input, user) : [],
  })
  return exposure.action === 'tell' ? null : 'exposed'
}
