export type { ComposeDeps, MessageSource, MessageSubject, MessageToRender } from './compose.ts'
export { composeMessage } from './compose.ts'
export type {
  MessageFacts,
  MessagePurpose,
  QueuedMessage,
  RenderedEmail,
  RenderedMessage,
  RenderedSms,
} from './message.ts'
export { MESSAGE_PURPOSES } from './message.ts'
export type { MessageComposerDeps } from './message-composer.ts'
export { messageComposer } from './message-composer.ts'
export { noticeFor } from './notice.ts'
export type { MessageComposer, MessageRequest } from './ports.ts'
export { maySendSms } from './sms-destinations.ts'
