import { type MessageFacts, type MessagePurpose, noticeFor } from '../messages/index.ts'
import type { NewMessage } from '../shared/alongside.ts'
import { type Destination, destinationOf } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** A notice to the person of a journey about what has just happened in it: see `noticeFor`. */
export const noticeTo = (
  { messages }: Pick<JourneyPorts, 'messages'>,
  { flow, pool, client, now }: Pick<StepInput, 'flow' | 'pool' | 'client' | 'now'>,
  user: User,
  purpose: MessagePurpose,
  facts: Partial<MessageFacts> = {},
  to: Destination | null = destinationOf(user.attributes, 'proven-first'),
): Promise<readonly NewMessage[]> =>
  noticeFor(messages, {
    pool,
    client,
    purpose,
    to,
    locale: flow.state.locale,
    eventId: flow.state.eventId,
    user,
    facts: { at: now, ...facts },
  })
