import type { NewMessage } from '../shared/alongside.ts'
import type { MessageComposer, MessageRequest } from './ports.ts'

/** Something to tell a person about their account; `to` is null for who cannot be reached. */
export interface Notice extends Omit<MessageRequest, 'to' | 'expiresAt' | 'source'> {
  to: MessageRequest['to'] | null
}

/**
 * The message of a notice, for the transaction of what it tells: one, or none for who cannot be reached, or when it cannot be
 * made. What it tells has been decided without it.
 */
export const noticeFor = async (
  composer: MessageComposer,
  { to, ...notice }: Notice,
): Promise<readonly NewMessage[]> => {
  if (to === null) return []
  const message = await composer.compose({ ...notice, to, expiresAt: null })
  return message.ok ? [message.value] : []
}
