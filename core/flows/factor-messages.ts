import type { MessageFacts, MessagePurpose } from '../messages/index.ts'
import type { NewMessage } from '../shared/alongside.ts'
import { type Destination, destinationOf } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/**
 * A notice to the person about their second factor, for the transaction of what it tells. None for who cannot be reached, or
 * where it cannot be made: that keeps nobody from signing in.
 */
export const factorMessages = async (
  ports: Pick<JourneyPorts, 'messages'>,
  { flow, pool, client, now }: StepInput,
  user: User,
  purpose: MessagePurpose,
  facts: Partial<MessageFacts> = {},
  to: Destination | null = destinationOf(user.attributes, 'proven-first'),
): Promise<readonly NewMessage[]> => {
  if (to === null) return []
  const message = await ports.messages.compose({
    pool,
    client,
    purpose,
    to,
    locale: flow.state.locale,
    eventId: flow.state.eventId,
    user,
    facts: { at: now, ...facts },
    expiresAt: null,
  })
  return message.ok ? [message.value] : []
}
